/** The forms of input files, by the ending of their names. */
export type InputFormat = "parquet" | "csv" | "csv.gz";

/** An input file as it was listed. Plain JSON data: it goes into the plan and to the workers. */
export interface InputFile {
  /** Where to open it: the argument as given, joined with the path below it; an address `s3://bucket/key` for an object. */
  path: string;
  /** The path below its argument, `/` between its parts; for a file given by itself, its name. */
  name: string;
  sizeBytes: number;
  /** Which version of the file this is: time of the last change, nanoseconds since 1970 UTC as decimal digits; of an object its ETag. */
  modifiedNs: string;
  format: InputFormat;
  /** Size and version of its sidecar, as text; null if there is none. It names whose flight this is. */
  sidecarStamp: string | null;
}

/** The form of a file by its name's ending, in any case, or null if it is no input. */
export function inputFormat(name: string): InputFormat | null {
  const ending = /\.(parquet|csv|csv\.gz)$/i.exec(name)?.[1];
  return ending === undefined ? null : (ending.toLowerCase() as InputFormat);
}
