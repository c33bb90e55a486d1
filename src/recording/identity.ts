/** Whom a file belongs to, for all rows that do not say so themselves. */
export interface FileIdentity {
  aircraftId: string;
  flightId: string;
  /** Where each of the two was found. */
  origins: { aircraftId: IdentityOrigin; flightId: IdentityOrigin };
  warnings: string[];
}

/** `sidecar`: `<file>.meta.json`; `folder`: a folder `aircraft_id=...`; `name`: the file's name; `none`: nowhere. */
export type IdentityOrigin = "sidecar" | "folder" | "name" | "none";

/**
 * aircraft_id and flight_id of a file as a whole: from the text of its sidecar, else a folder `aircraft_id=...` or
 * `flight_id=...` of its path (the outermost of several), else its name `<aircraft>_<YYYYMMDD>_<HHMMSS>`, whose whole
 * stem is the flight. Without any of these the aircraft is `unknown`.
 */
export function fileIdentity(path: string, sidecarText: string | null): FileIdentity {
  const warnings: string[] = [];
  const sidecar = sidecarText === null ? {} : readSidecarIds(path, sidecarText, warnings);
  const parts = path.split("/");
  const stem = parts.pop()!.replace(/\.(parquet|csv|csv\.gz)$/i, "");
  const named = /^([^\n]+?)_\d{8}_\d{6}$/.exec(stem)?.[1];
  const aircraft = pick(sidecar.aircraft_id, folderValue(parts, "aircraft_id"), named);
  const flight = pick(sidecar.flight_id, folderValue(parts, "flight_id"), stem);
  return {
    aircraftId: aircraft.value ?? "unknown",
    flightId: flight.value ?? stem,
    origins: { aircraftId: aircraft.origin, flightId: flight.origin },
    warnings,
  };
}

function pick(sidecar?: string, folder?: string, name?: string): { value?: string; origin: IdentityOrigin } {
  if (sidecar !== undefined) return { value: sidecar, origin: "sidecar" };
  if (folder !== undefined) return { value: folder, origin: "folder" };
  return name === undefined ? { origin: "none" } : { value: name, origin: "name" };
}

function folderValue(folders: readonly string[], key: string): string | undefined {
  const folder = folders.find((part) => part.startsWith(`${key}=`) && part.length > key.length + 1);
  return folder === undefined ? undefined : percentDecode(folder.slice(key.length + 1));
}

/** Percent escapes as UTF-8; those that are malformed stay as they are, bytes that are no UTF-8 become U+FFFD. */
function percentDecode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    const bytes = Uint8Array.from(escapes.slice(1).split("%"), (hex) => Number.parseInt(hex, 16));
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  });
}

type SidecarIds = { aircraft_id?: string; flight_id?: string };

function readSidecarIds(path: string, text: string, warnings: string[]): SidecarIds {
  const ids: SidecarIds = {};
  const sidecar = parseObject(text);
  if (sidecar === null) {
    warnings.push(`${path}.meta.json: not a JSON object, so nothing is taken from it`);
    return ids;
  }
  for (const key of ["aircraft_id", "flight_id"] as const) {
    const value = sidecar.values[key];
    // Empty text and the number 0 are what programs write for "not known".
    if (value === undefined || value === null || value === "" || value === 0) continue;
    if (typeof value === "string" || typeof value === "number") ids[key] = String(sidecar.asWritten[key]);
    else warnings.push(`${path}.meta.json: ${key} is neither text nor a number, so it is not taken`);
  }
  return ids;
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
