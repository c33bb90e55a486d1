import type { ResultChunk } from "./result-chunk.ts";

const DAY_NS = 86_400_000_000_000n;

/** The chunk cut by the UTC days of its windows' starts, the days in their order, the windows of each as they came; mostly the chunk itself. */
export function splitByDay(chunk: ResultChunk): ResultChunk[] {
  const rowsOf = new Map<bigint, number[]>();
  chunk.timestamps.forEach((ns, row) => {
    const day = (ns - (((ns % DAY_NS) + DAY_NS) % DAY_NS)) / DAY_NS;
    const rows = rowsOf.get(day);
    if (rows === undefined) rowsOf.set(day, [row]);
    else rows.push(row);
  });
  if (rowsOf.size <= 1) return rowsOf.size === 0 ? [] : [chunk];
  const days = [...rowsOf.keys()].sort((a, b) => (a < b ? -1 : 1));
  return days.map((day) => pickRows(chunk, rowsOf.get(day)!));
}

function pickRows(chunk: ResultChunk, rows: readonly number[]): ResultChunk {
  const pick = <T>(values: ArrayLike<T>): T[] => rows.map((row) => values[row]!);
  // Every column by its name: a new one that is forgotten here does not compile.
  return {
    aircraftId: chunk.aircraftId,
    flightId: chunk.flightId,
    windowIds: pick(chunk.windowIds),
    timestamps: BigInt64Array.from(pick(chunk.timestamps)),
    scores: Float32Array.from(pick(chunk.scores)),
    severities: Uint8Array.from(pick(chunk.severities)),
    latenciesMs: Float32Array.from(pick(chunk.latenciesMs)),
    phases: pick(chunk.phases),
    phaseSets: Uint8Array.from(pick(chunk.phaseSets)),
    thresholds: Float64Array.from(pick(chunk.thresholds)),
    squaredErrors: chunk.squaredErrors?.map((errors) => Float32Array.from(pick(errors))) ?? null,
    imputed: pick(chunk.imputed),
  };
}
