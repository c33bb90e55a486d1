import type { Steps } from "./median.ts";
import type { RecordedTime } from "./recorded.ts";

/** Values as their file has them: most recorders write 32 bits, and a column without gaps is used where it lies. */
export type SampleValues = Float32Array | Float64Array;

/** The valid samples of one signal, times ascending. */
export interface Samples {
  /** Nanoseconds since the series' origin: whole numbers, exact up to 104 days. */
  times: Float64Array;
  values: SampleValues;
  /** Samples that were there and are not used; absent where there are none. */
  lost?: LostSamples;
}

/** Times of samples that were left out, in order; null where there are none. */
export interface LostSamples {
  /** Disowned by their quality. */
  disowned: Float64Array | null;
  /** Outside the signal's range. */
  outside: Float64Array | null;
}

/** One flight as a series: sorted rows without equal times, signals as their valid samples before any gap is filled. */
export interface SeriesInput {
  /** Time of each row, nanoseconds since the series' origin, strictly ascending. The grid begins at the first. */
  rowTimes: Float64Array;
  /** The steps between them, where they are known already. */
  rowSteps?: Steps | null;
  /** By signal, in the recipe's order. */
  samples: Samples[];
  /** The rows that have a known flight phase: their times, and their codes 0 to 7. */
  phases: { times: Float64Array; codes: Uint8Array };
}

/** Window rows of a processed table: each row is a window, each signal a list of evenly spaced samples from its start to its end. */
export interface ListInput {
  /** Start of each row, nanoseconds since the origin. */
  starts: Float64Array;
  /** End (exclusive) of each row; NaN where it is missing or not after the start. */
  ends: Float64Array;
  /** Flight phase of each row, 0 to 7, or {@link UNKNOWN_PHASE}. */
  phases: Uint8Array;
  /** By signal, in the recipe's order. */
  lists: SampleLists[];
}

/** The lists of one signal: row i has `values[offsets[i]]` to `values[offsets[i + 1]]` (exclusive), NaN where missing. */
export interface SampleLists {
  offsets: Int32Array;
  values: Float64Array;
  /** The commonest length of a list in the file that is not empty (the longest of several as common), 0 if there is none. */
  usualLength: number;
  /** Per row 1 where a value of its list is outside the signal's range; absent where none is. */
  outside?: Uint8Array;
}

/** Code of a flight phase that is not known. */
export const UNKNOWN_PHASE = 255;

/** Coverage of a window: index into the recipe's signals of the first that lacks coverage, or one of these. */
export const COVERED = -1;
/** A processed row whose end is missing or not after its start. */
export const NO_EXTENT = -2;

/** Windows with their features, before any model: what the feature cache holds. */
export interface WindowFeatures {
  /** Windows of the grid, or window rows of a table. */
  count: number;
  /** Start of each window, nanoseconds since the origin. */
  starts: Float64Array;
  /** Per window the set of its most common phases (more than one on a tie) as bits 0 to 7; 0 is unknown. */
  phaseSets: Uint8Array;
  /** Per window {@link COVERED}, {@link NO_EXTENT}, or the recipe's index of the first signal that lacks coverage. */
  coverage: Int16Array;
  /** By feature, in the recipe's order: a value per window, NaN where it cannot be computed or the window is not covered. */
  features: Float64Array[];
}

/** The windows of one flight of one file. */
export interface WindowTable extends WindowFeatures {
  aircraftId: string;
  flightId: string;
  /** Nanoseconds since 1970 UTC of the origin that `starts` counts from. */
  originNs: bigint;
  /** How many window rows of the file stand before these; 0 for a series. Row k of a whole table, or of a series' grid, has its slot by k. */
  firstRow: number;
  /** The input's own window ids (null where a row has none), or null if it has no such column. */
  windowIds: (string | null)[] | null;
  recorded: RecordedTime;
}
