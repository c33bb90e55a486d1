import type { OutsideRange } from "../quality/sketch.ts";
import type { ListInput, SeriesInput } from "../windows/series.ts";

/** The kinds of input that there are. Raw and interim are read alike: as series. */
export const INPUT_KINDS = ["raw", "interim", "processed", "features"] as const;

/** A name of {@link INPUT_KINDS}. */
export type InputKind = (typeof INPUT_KINDS)[number];

/** Whose flight rows belong to. */
export interface Identity {
  aircraftId: string;
  flightId: string;
}

/** What was left out or found odd while a file was read; rows unless said otherwise. */
export interface RecordingCounts {
  rows: number;
  /** Rows without a time. */
  noTime: number;
  /** Rows more than 7 days from the file's median time. */
  timeImplausible: number;
  /** Rows with the time of one before them. */
  duplicateTime: number;
  /** Values outside the signal's range, by signal. */
  outOfRange: Record<string, number>;
  /** Entries of quality columns that are no known quality. */
  unknownQuality: number;
}

/** What was seen while a file was read that leaves nothing out, but should not be so. */
export interface Oddities {
  /** How often a row of a flight is earlier than the row of that flight before it in the file. */
  backwardSteps: number;
  /** Columns that would be used, were they of a type that can be. */
  unusableColumns: { name: string; type: string }[];
}

/** One flight as a series of rows. */
export interface FlightSeries extends Identity {
  /** Nanoseconds since 1970 UTC that the input's times count from. */
  originNs: bigint;
  input: SeriesInput;
  /** By signal, in the recipe's order; null where every value is in range. */
  outside: (OutsideRange | null)[];
}

/** Window rows of one flight: what identifies them, in order of time. */
export interface WindowRows extends Identity {
  originNs: bigint;
  windowIds: (string | null)[] | null;
  /** How many window rows of the file stand before these: row k of the whole table has its slot by k. */
  firstRow: number;
}

/** Window rows with a list of samples per signal. */
export interface FlightLists extends WindowRows {
  input: ListInput;
  /** As in {@link FlightSeries}. */
  outside: (OutsideRange | null)[];
}

/** Window rows with the features themselves. */
export interface FlightFeatures extends WindowRows {
  starts: Float64Array;
  /** As in `WindowFeatures`. */
  phaseSets: Uint8Array;
  /** By feature, in the recipe's order; NaN where missing. */
  features: Float64Array[];
}

/** A file as it was understood; flights in the order of their ids. */
export type Recording = { counts: RecordingCounts; oddities: Oddities } & (
  | { kind: "raw" | "interim"; flights: FlightSeries[] }
  | { kind: "processed"; flights: FlightLists[] }
  | { kind: "features"; flights: FlightFeatures[] }
);
