/** Marks by hop, or by row of a table: 1 where something is so; null where it is so nowhere. */
export type Marks = Uint8Array | null;

/**
 * The recorded time of a series, in hops from its first row: hop h is `[h * hop, (h + 1) * hop)`, the last ends with the recording.
 * Nanoseconds, whole.
 */
export interface RecordedHops {
  kind: "hops";
  lengthNs: number;
  hopNs: number;
  /** From the first row to the last and one median step of the rows on; 0 of fewer than two rows. */
  spanNs: number;
  /** The median step of the rows, rounded; 0 of fewer than two. */
  stepNs: number;
  /** Per hop the set of the commonest phases of its rows, as in `WindowFeatures`. */
  phaseSets: Uint8Array;
  /** Hops for no part of which a row stands: each row does for one median step. */
  gaps: Marks;
  /** By signal: hops in which its quality disowns a sample. */
  disowned: Marks[];
  /** By signal: hops in which a sample is outside its range. */
  outside: Marks[];
}

/** The recorded time of window rows: what their extents cover together. */
export interface RecordedRows {
  kind: "rows";
  /** End (exclusive) of each row, nanoseconds since the origin; NaN where it has none. */
  ends: Float64Array;
  /** By signal: rows in whose list a sample is outside its range. */
  outside: Marks[];
}

/** The recorded time of a flight, before any model: what the ledger of coverage is made of. */
export type RecordedTime = RecordedHops | RecordedRows;
