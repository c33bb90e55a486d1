import type { Filter } from "../filter/filter.ts";
import type { ModelBundle } from "../model/bundle.ts";
import type { ResultChunk } from "../results/result-chunk.ts";
import { severityOf } from "../verdict/severity.ts";
import { FLIGHT_PHASES, thresholdOfPhase } from "../verdict/thresholds.ts";
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

/** Collects the answers of the windows in their order; a score that is not finite is no score. */
class ScoredRows {
  readonly #scores: Float32Array;
  readonly #latencies: Float32Array;
  readonly #squaredErrors: Float32Array[] | null;
  readonly #kept: Int32Array;
  readonly notFinite: number[] = [];
  #count = 0;
  inferenceMs = 0;

  constructor(count: number, { model, featureOrder }: ModelBundle) {
    this.#kept = new Int32Array(count);
    this.#scores = new Float32Array(count);
    this.#latencies = new Float32Array(count);
    this.#squaredErrors = model.reconstructionOutput === null ? null : featureOrder.map(() => new Float32Array(count));
  }

  readonly take: SlotSink = (k, { batch, rows, row, shareMs }) => {
    this.inferenceMs += shareMs;
    const score = batch.scores[row]!;
    if (!Number.isFinite(score)) {
      this.notFinite.push(k);
      return;
    }
    const at = this.#count++;
    this.#kept[at] = k;
    this.#scores[at] = score;
    this.#latencies[at] = shareMs;
    if (this.#squaredErrors === null || batch.reconstruction === null) return;
    const width = this.#squaredErrors.length;
    for (let j = 0; j < width; j++) {
      const difference = rows[row * width + j]! - batch.reconstruction[row * width + j]!;
      this.#squaredErrors[j]![at] = difference * difference;
    }
  };

  /** The numbers of the windows that have a score, and what goes with each. */
  get answers() {
    const count = this.#count;
    return {
      kept: this.#kept.subarray(0, count),
      scores: this.#scores.subarray(0, count),
      latenciesMs: this.#latencies.subarray(0, count),
      squaredErrors: this.#squaredErrors?.map((errors) => errors.subarray(0, count)) ?? null,
    };
  }
}

interface Judged {
  table: WindowTable;
  judged: JudgedWindows;
  bundle: ModelBundle;
  clock: WindowClock;
}

function chunkOf(rows: ScoredRows, { table, judged, bundle: { thresholds: rules }, clock }: Judged): ResultChunk {
  const { kept, ...answers } = rows.answers;
  const phases = pick(judged.phases, kept);
  const starts = new Float64Array(kept.length);
  const phaseSets = new Uint8Array(kept.length);
  const thresholds = new Float64Array(kept.length);
  const severities = new Uint8Array(kept.length);
  const thresholdOf = thresholdsByPhase(rules);
  for (let i = 0; i < kept.length; i++) {
    const threshold = thresholdOf[phases[i] ?? UNKNOWN]!;
    starts[i] = table.starts[kept[i]!]!;
    phaseSets[i] = table.phaseSets[kept[i]!]!;
    thresholds[i] = threshold;
    severities[i] = severityOf(answers.scores[i]!, threshold, rules.severity);
  }
  return {
    aircraftId: table.aircraftId,
    flightId: table.flightId,
    windowIds: pick(judged.ids, kept),
    timestamps: clock.instantsNs(starts),
    severities,
    phases,
    phaseSets,
    thresholds,
    imputed: pick(judged.imputed, kept),
    ...answers,
  };
}

const UNKNOWN = FLIGHT_PHASES.length;

/** The threshold of each phase by its code, that of an unknown phase last. */
function thresholdsByPhase(rules: ModelBundle["thresholds"]): number[] {
  return [...FLIGHT_PHASES.map((_, code) => thresholdOfPhase(rules, code)), thresholdOfPhase(rules, null)];
}

function pick<T>(values: T[], kept: Int32Array): T[] {
  if (kept.length === values.length) return values;
  const picked = new Array<T>(kept.length);
  for (let i = 0; i < kept.length; i++) picked[i] = values[kept[i]!]!;
  return picked;
}
