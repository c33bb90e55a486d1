import type { Filter } from "../filter/filter.ts";
import type { ModelBundle } from "../model/bundle.ts";
import type { ResultChunk } from "../results/result-chunk.ts";
import { severityOf } from "../verdict/severity.ts";
import { thresholdOfPhase } from "../verdict/thresholds.ts";
import type { WindowTable } from "../windows/series.ts";
import { type JudgedWindows, judgeWindows } from "./judge-windows.ts";
import { RowScaler } from "./scale.ts";
import { type BatchRunner, planSlots, type SlotSink, scoreInSlots } from "./slots.ts";
import { WindowClock } from "./window-names.ts";

/** What scores windows: the bundle, its session and the options that matter. */
export interface Scorer {
  bundle: ModelBundle;
  run: BatchRunner;
  batchSize: number;
  filter: Filter | null;
}

/** The scored windows of a flight, and why the others are not. */
export interface ScoredFlight {
  table: WindowTable;
  judged: JudgedWindows;
  chunk: ResultChunk;
  inferenceMs: number;
}

/** Scores one flight's windows and decides on each: threshold of its phase, severity. */
export async function scoreFlight(
  table: WindowTable,
  { bundle, run, batchSize, filter }: Scorer,
): Promise<ScoredFlight> {
  const clock = new WindowClock(table.originNs);
  const judged = judgeWindows(table, { bundle, filter, clock });
  const scaler = new RowScaler(bundle);
  const rows = new ScoredRows(table.count, bundle);
  const input = {
    firstRow: table.firstRow,
    count: table.count,
    width: scaler.width,
    wanted: (k: number) => judged.reasons[k] === null,
    put: (k: number, into: Float32Array, row: number) => scaler.put(judged.features, k, { rows: into, row }),
  };
  await scoreInSlots(input, planSlots(batchSize, bundle.model.fixedBatch), { run, sink: rows.take });
  for (const k of rows.notFinite) judged.reasons[k] = "score_not_finite";
  return { table, judged, chunk: chunkOf(rows, { table, judged, bundle, clock }), inferenceMs: rows.inferenceMs };
}

/** Collects the answers by window; a score that is not finite is no score. */
class ScoredRows {
  readonly scores: Float32Array;
  readonly latencies: Float32Array;
  readonly squaredErrors: Float32Array[] | null;
  readonly kept: number[] = [];
  readonly notFinite: number[] = [];
  inferenceMs = 0;

  constructor(count: number, { model, featureOrder }: ModelBundle) {
    this.scores = new Float32Array(count);
    this.latencies = new Float32Array(count);
    this.squaredErrors = model.reconstructionOutput === null ? null : featureOrder.map(() => new Float32Array(count));
  }

  readonly take: SlotSink = (k, { batch, rows, row, shareMs }) => {
    this.inferenceMs += shareMs;
    const score = batch.scores[row]!;
    if (!Number.isFinite(score)) {
      this.notFinite.push(k);
      return;
    }
    this.kept.push(k);
    this.scores[k] = score;
    this.latencies[k] = shareMs;
    if (this.squaredErrors === null || batch.reconstruction === null) return;
    const width = this.squaredErrors.length;
    for (let j = 0; j < width; j++)
      this.squaredErrors[j]![k] = (rows[row * width + j]! - batch.reconstruction[row * width + j]!) ** 2;
  };
}

function chunkOf(
  rows: ScoredRows,
  {
    table,
    judged,
    bundle,
    clock,
  }: { table: WindowTable; judged: JudgedWindows; bundle: ModelBundle; clock: WindowClock },
): ResultChunk {
  const { kept } = rows;
  const pick = (values: Float32Array) => Float32Array.from(kept, (k) => values[k]!);
  const phases = kept.map((k) => judged.phases[k]!);
  const thresholds = Float64Array.from(phases, (phase) => thresholdOfPhase(bundle.thresholds, phase));
  const scores = pick(rows.scores);
  return {
    aircraftId: table.aircraftId,
    flightId: table.flightId,
    windowIds: kept.map((k) => judged.ids[k]!),
    timestamps: BigInt64Array.from(kept, (k) => clock.instantNs(table.starts[k]!)),
    scores,
    severities: Uint8Array.from(scores, (score, i) => severityOf(score, thresholds[i]!, bundle.thresholds.severity)),
    latenciesMs: pick(rows.latencies),
    phases,
    thresholds,
    squaredErrors: rows.squaredErrors?.map(pick) ?? null,
    imputed: kept.map((k) => (judged.imputed.get(k) ?? []).map((f) => bundle.recipe.features[f]!.name).join(",")),
  };
}
