import { nanosecondsOf } from "../windows/grid.ts";

/** What a sidecar says of its file beside its identity; null where it says nothing, or nothing of use. */
export interface SidecarPromises {
  /** Rows of the file. */
  recordCount: number | null;
  /** How long the recording is, in whole nanoseconds. */
  durationNs: number | null;
  sizeBytes: number | null;
  /** Of the file's bytes, hexadecimal and in lower case; sha256 where there are several. */
  checksum: { algorithm: "sha256" | "md5"; digest: string } | null;
  /** What stands there and cannot be used. */
  warnings: string[];
}

/** A sidecar that says nothing, or none. */
export const NO_PROMISES: SidecarPromises = {
  recordCount: null,
  durationNs: null,
  sizeBytes: null,
  checksum: null,
  warnings: [],
};

/** A sidecar, understood. */
export interface SidecarContent {
  ids: { aircraft_id?: string; flight_id?: string };
  promises: SidecarPromises;
  warnings: string[];
}

/** Reads the text of `<file>.meta.json`. What is wrong with it is a warning, never an error. */
export function readSidecarText(path: string, text: string): SidecarContent {
  const sidecar = parseObject(text);
  if (sidecar !== null) return { ...readIds(path, sidecar), promises: readPromises(path, sidecar.values) };
  const warnings = [`${path}.meta.json: not a JSON object, so nothing is taken from it`];
  return { ids: {}, promises: NO_PROMISES, warnings };
}

function readIds(path: string, { values, asWritten }: JsonObject): Pick<SidecarContent, "ids" | "warnings"> {
  const ids: SidecarContent["ids"] = {};
  const warnings: string[] = [];
  for (const key of ["aircraft_id", "flight_id"] as const) {
    const value = values[key];
    // Empty text and the number 0 are what programs write for "not known".
    if (value === undefined || value === null || value === "" || value === 0) continue;
    if (typeof value === "string" || typeof value === "number") ids[key] = String(asWritten[key]);
    else warnings.push(`${path}.meta.json: ${key} is neither text nor a number, so it is not taken`);
  }
  return { ids, warnings };
}

/** Whole nanoseconds of more than 104 days are not exact in doubles, and no flight is as long. */
const LONGEST_SECONDS = 9_000_000;

function readPromises(path: string, values: Record<string, unknown>): SidecarPromises {
  const warnings: string[] = [];
  const numberAt = (key: string, isPossible: (x: number) => boolean): number | null => {
    const value = values[key];
    if (value === undefined || value === null) return null;
    if (typeof value === "number" && value >= 0 && isPossible(value)) return value;
    warnings.push(`${path}.meta.json: ${key} cannot be ${JSON.stringify(value).slice(0, 80)}, so it is not compared`);
    return null;
  };
  const recordCount = numberAt("record_count", Number.isSafeInteger);
  const seconds = numberAt("duration_seconds", (x) => x <= LONGEST_SECONDS);
  return {
    recordCount,
    durationNs: seconds === null ? null : nanosecondsOf(seconds),
    sizeBytes: numberAt("file_size_bytes", Number.isSafeInteger),
    checksum: readChecksum(path, values.checksums, warnings),
    warnings,
  };
}

const DIGEST_DIGITS = { sha256: 64, md5: 32 } as const;

function readChecksum(path: string, checksums: unknown, warnings: string[]): SidecarPromises["checksum"] {
  if (typeof checksums !== "object" || checksums === null) return null;
  for (const algorithm of ["sha256", "md5"] as const) {
    const digest = Object.hasOwn(checksums, algorithm) ? (checksums as Record<string, unknown>)[algorithm] : null;
    if (digest === null || digest === undefined || digest === "") continue;
    const digits = typeof digest === "string" ? digest.trim().toLowerCase() : "";
    if (/^[0-9a-f]+$/.test(digits) && digits.length === DIGEST_DIGITS[algorithm]) return { algorithm, digest: digits };
    warnings.push(`${path}.meta.json: checksums.${algorithm} is no ${algorithm} digest, so it is not compared`);
  }
  return null;
}

interface JsonObject {
  values: Record<string, unknown>;
  /** The same with its numbers as the text that stands there: 12.0 stays so, and no digit is lost of a long one. */
  asWritten: Record<string, unknown>;
}

/** The object in a JSON text, or null if it holds none. */
function parseObject(text: string): JsonObject | null {
  try {
    // Python writes NaN and Infinity into its JSON, which is no reason to lose the ids beside them.
    const standard = replaceOutsideStrings(text, /-?\b(?:NaN|Infinity)\b/g, () => "null");
    const values: unknown = JSON.parse(standard);
    if (typeof values !== "object" || values === null || Array.isArray(values)) return null;
    const quoted = replaceOutsideStrings(standard, /-?\d[\d.eE+-]*/g, (number) => `"${number}"`);
    return { values: values as Record<string, unknown>, asWritten: JSON.parse(quoted) };
  } catch {
    return null;
  }
}

/** A string, closed or not: one that always matches at a quote, so that no text makes the search slow. */
const STRING_OR_REST = /("[^"\\]*(?:\\.?[^"\\]*)*(?:"|$))|[^"]+/gs;

function replaceOutsideStrings(json: string, pattern: RegExp, replace: (found: string) => string): string {
  return json.replace(STRING_OR_REST, (piece, string) =>
    string === undefined ? piece.replace(pattern, replace) : piece,
  );
}
