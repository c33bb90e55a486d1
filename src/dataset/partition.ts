import { createHash } from "node:crypto";

/** What the files of one folder of a data set have in common: the UTC day of their windows' starts, and the aircraft. */
export interface Partition {
  date: string;
  aircraftId: string;
}

/** Longer names no file system takes; what is cut off is told apart by a digest. */
const LONGEST_VALUE_BYTES = 200;
/** What readers of such folders take for no value. */
const NO_VALUE = "__HIVE_DEFAULT_PARTITION__";

/** The folder of a partition below the data set's, as DuckDB, Spark and pyarrow read it. */
export function partitionFolder({ date, aircraftId }: Partition): string {
  return `date=${date}/aircraft_id=${pathValue(aircraftId)}`;
}

/**
 * A value in a folder's name: what is not a letter, digit, `_`, `-`, `.` or outside of ASCII is percent-encoded. Letters outside of ASCII
 * stay as they are: Spark takes each encoded byte for a letter of its own.
 */
function pathValue(value: string): string {
  if (value === "") return NO_VALUE;
  const encoded = value
    .replace(/\p{Cs}/gu, "\ufffd")
    .replace(/[^\w.\-\u{80}-\u{10ffff}]/gu, (character) => encodeURIComponent(character).replace(/[!'()*~]/, escaped));
  if (Buffer.byteLength(encoded) <= LONGEST_VALUE_BYTES) return encoded;
  const digest = createHash("sha256").update(value).digest("hex").slice(0, 16);
  return `${encoded.replace(/[^\w.-]/g, "").slice(0, 100)}-${digest}`;
}

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
