/** Parts of a bundle that can be swapped by themselves. */
export const PARTS = ["network", "scaler", "thresholds", "recipe"] as const;

/** A name of {@link PARTS}. */
export type Part = (typeof PARTS)[number];

/** The flips that a part made: sums of its shares in them, by direction. */
export interface PartTotal {
  normal_to_anomaly: number;
  anomaly_to_normal: number;
  /** Both together, and their share of all attributed flips. */
  flips: number;
  share: number;
  /** Flips that swapping this part alone makes, whole, whatever its shares. */
  alone: number;
}

/** A flip shared out, a number per swap, in their order. */
export interface ExplainedFlip {
  /** Add up to 1; below 0 for a part that was against the flip. */
  shares: number[];
  /** 1 where this swap alone flips the decision, else 0. */
  alone: number[];
}

/** Which part of the bundle made the flips. */
export interface Attribution {
  /** Directories of the bundles. */
  models: { a: string; b: string };
  /** What was swapped: parts that differ, alone or several as one (`network+scaler+recipe`). */
  parts: string[];
  /** Why parts were taken together; null where each was swapped alone. */
  taken_together: string | null;
  /** All flips, and those of them that were attributed. The rest: of flights left out, of recordings that cannot be read as they were, and those
   * that the bundles decide otherwise today than the results say. */
  flips: number;
  attributed: number;
  flips_in_flights_left_out: number;
  flips_without_recording: number;
  flips_not_reproduced: number;
  /** Why recordings were not used, the first few. */
  problems: string[];
  totals: Record<string, PartTotal>;
  by_aircraft: Record<string, Record<string, PartTotal>>;
  by_phase: Record<string, Record<string, PartTotal>> | null;
}
