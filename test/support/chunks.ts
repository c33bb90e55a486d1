import type { ModelBundle } from "../../src/model/bundle.ts";
import type { ResultChunk } from "../../src/results/result-chunk.ts";
import { START } from "./record.ts";

/** What decides the columns of results: a model of two features that reconstructs. */
export const COLUMNS_OF = {
  bundle: { featureOrder: ["a", "b"], model: { reconstructionOutput: "reconstruction" } } as ModelBundle,
  explain: true,
};

/** `count` scored windows of a flight that no other chunk has. */
export function chunk(count: number, more: Partial<ResultChunk> = {}): ResultChunk {
  const rows = Array.from({ length: count }, (_, i) => i);
  return {
    aircraftId: "AC001",
    flightId: "F1",
    windowIds: rows.map((i) => `AC001_${i}`),
    timestamps: BigInt64Array.from(rows, (i) => START + BigInt(i) * 5_000_000_001n),
    scores: Float32Array.from(rows, (i) => i / 7),
    severities: Uint8Array.from(rows, (i) => i % 4),
    latenciesMs: Float32Array.from(rows, () => 0.25),
    phases: rows.map((i) => (i % 9 === 8 ? null : i % 9)),
    phaseSets: Uint8Array.from(rows, (i) => (i % 9 === 8 ? 0 : i % 9 === 0 ? 1 : 1 | (1 << (i % 9)))),
    thresholds: Float64Array.from(rows, (i) => (i % 3) / 10),
    squaredErrors: [Float32Array.from(rows, (i) => i), Float32Array.from(rows, (i) => -i)],
    imputed: rows.map((i) => (i % 2 === 0 ? "" : "a,b")),
    ...more,
  };
}
