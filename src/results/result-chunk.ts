/** The scored windows of one flight of one file, in order: what becomes rows of the results. All arrays have one entry per window. */
export interface ResultChunk {
  aircraftId: string;
  flightId: string;
  windowIds: string[];
  /** Start of each window, nanoseconds since 1970 UTC. */
  timestamps: BigInt64Array;
  scores: Float32Array;
  severities: Uint8Array;
  /** Time of the inference call over its windows, milliseconds. */
  latenciesMs: Float32Array;
  /** Flight phase as code 0 to 7, null where unknown. */
  phases: (number | null)[];
  /** The most common phases as bits 0 to 7: several where they tied, and the thresholds chose. */
  phaseSets: Uint8Array;
  /** Threshold that decided. */
  thresholds: Float64Array;
  /** By feature in the model's order: squared error of its reconstruction, scaled; null if the model gives none. */
  squaredErrors: Float32Array[] | null;
  /** Per window the list of the features that were imputed (`name-list.ts`); empty where none was. */
  imputed: string[];
}
