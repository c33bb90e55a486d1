import type { ModelBundle } from "../model/bundle.ts";
import { judgeWindows } from "../task/judge-windows.ts";
import { RowScaler } from "../task/scale.ts";
import { type BatchRunner, planSlots, scoreInSlots } from "../task/slots.ts";
import { WindowClock } from "../task/window-names.ts";
import { resolvePhase } from "../verdict/phase.ts";
import { thresholdOfPhase } from "../verdict/thresholds.ts";
import type { WindowTable } from "../windows/series.ts";

/** A flip to be explained: its window, and what the two results say of it. */
export interface Flip {
  windowId: string;
  /** Start, nanoseconds since 1970 UTC. */
  startNs: bigint;
  anomalyA: boolean;
  anomalyB: boolean;
  /** In A, else in B; null where neither says it. */
  phase: string | null;
}

/** The scores of some windows of a flight, and the sets of phases that their thresholds come from. */
export interface WindowScores {
  /** By flip, NaN where its window is not in the table, is skipped or has no finite score. */
  scores: Float64Array;
  phaseSets: Uint8Array;
}

const BATCH_ROWS = 128;

/** Scores the windows of the flips as a run with this bundle does: the same features, scaling and slots. */
export async function scoreFlips(
  table: WindowTable,
  flips: readonly Flip[],
  { bundle, run }: { bundle: ModelBundle; run: BatchRunner },
): Promise<WindowScores> {
  const clock = new WindowClock(table.originNs);
  const judged = judgeWindows(table, { bundle, filter: null, clock });
  const flipAt = placeFlips(flips, { ids: judged.ids, startNs: (k) => clock.instantNs(table.starts[k]!) });
  const found: WindowScores = {
    scores: new Float64Array(flips.length).fill(Number.NaN),
    phaseSets: new Uint8Array(flips.length),
  };
  for (const [k, flip] of flipAt) found.phaseSets[flip] = table.phaseSets[k]!;
  const scaler = new RowScaler(bundle);
  const input = {
    firstRow: table.firstRow,
    count: table.count,
    width: scaler.width,
    wanted: (k: number) => flipAt.has(k) && judged.reasons[k] === null,
    put: (k: number, rows: Float32Array, row: number) => scaler.put(judged.features, k, { rows, row }),
  };
  await scoreInSlots(input, planSlots(BATCH_ROWS, bundle.model.fixedBatch), {
    run,
    sink: (k, { batch, row }) => {
      const score = batch.scores[row]!;
      if (Number.isFinite(score)) found.scores[flipAt.get(k)!] = score;
    },
  });
  return found;
}

/** Whether each flip's window is an anomaly under these thresholds: 1 or 0, also where there is no score. */
export function decideFlips({ scores, phaseSets }: WindowScores, thresholds: ModelBundle["thresholds"]): Uint8Array {
  return Uint8Array.from(scores, (score, i) => {
    const threshold = thresholdOfPhase(thresholds, resolvePhase(phaseSets[i]!, thresholds));
    return score >= threshold ? 1 : 0;
  });
}

/** By the number of a window in the table, the flip that it is. */
function placeFlips(
  flips: readonly Flip[],
  { ids, startNs }: { ids: string[]; startNs: (k: number) => bigint },
): Map<number, number> {
  const places = new Map<string, number>(flips.map(({ windowId, startNs: ns }, i) => [keyOf(windowId, ns), i]));
  const wantedIds = new Set(flips.map(({ windowId }) => windowId));
  const found = new Map<number, number>();
  for (const [k, id] of ids.entries()) {
    const flip = wantedIds.has(id) ? places.get(keyOf(id, startNs(k))) : undefined;
    if (flip !== undefined) found.set(k, flip);
  }
  return found;
}

function keyOf(windowId: string, startNs: bigint): string {
  return `${startNs} ${windowId}`;
}
