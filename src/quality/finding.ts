/** Every check of the data's quality, in the order in which findings are told. What each means: docs/quality.md. */
export const QUALITY_CHECKS = [
  "frozen",
  "clipped",
  "out_of_range",
  "rate",
  "irregular",
  "units",
  "duplicate_time",
  "time_backwards",
  "no_time",
  "time_implausible",
  "several_flights",
  "unknown_identity",
  "unknown_quality",
  "unusable_column",
] as const;

/** A name of {@link QUALITY_CHECKS}. */
export type QualityCheck = (typeof QUALITY_CHECKS)[number];

/** Something odd in the data of a file. Plain data; numbers are finite. */
export interface QualityFinding {
  check: QualityCheck;
  /** The flight it was found in; null: the file as a whole. */
  aircraftId: string | null;
  flightId: string | null;
  /** The recipe's signal, or the column; null where it is about the rows. */
  signal: string | null;
  /** How many stretches, values, rows, steps or flights, by the check. */
  count: number;
  /** Seconds that are affected, where the check is about a time. */
  seconds: number | null;
  /** The worst of what was counted, in the unit of the signal or, for times, in seconds. */
  worst: number | null;
  /** What was found, in words. */
  example: string;
}

/** What is found in a signal of a flight, before it is said which. */
export type SignalFinding = Omit<QualityFinding, "aircraftId" | "flightId" | "signal">;

/** The checks that a user names, in the order of {@link QUALITY_CHECKS}; those that there are not, apart. */
export function parseChecks(names: readonly string[]): { checks: QualityCheck[]; unknown: string[] } {
  const wanted = names.flatMap((name) => name.split(",")).map((name) => name.trim().replaceAll("-", "_"));
  const given = wanted.filter((name) => name !== "");
  const known: readonly string[] = QUALITY_CHECKS;
  return {
    checks: QUALITY_CHECKS.filter((check) => given.includes(check)),
    unknown: given.filter((name) => !known.includes(name)),
  };
}
