import { NO_PROMISES, readSidecarText, type SidecarPromises } from "./sidecar.ts";

/** Whom a file belongs to, for all rows that do not say so themselves. */
export interface FileIdentity {
  aircraftId: string;
  flightId: string;
  /** Where each of the two was found. */
  origins: { aircraftId: IdentityOrigin; flightId: IdentityOrigin };
  /** What else its sidecar says of it. */
  promises: SidecarPromises;
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
  const sidecar = sidecarText === null ? NOTHING : readSidecarText(path, sidecarText);
  const parts = path.split("/");
  const stem = parts.pop()!.replace(/\.(parquet|csv|csv\.gz)$/i, "");
  const named = /^([^\n]+?)_\d{8}_\d{6}$/.exec(stem)?.[1];
  const aircraft = pick(sidecar.ids.aircraft_id, folderValue(parts, "aircraft_id"), named);
  const flight = pick(sidecar.ids.flight_id, folderValue(parts, "flight_id"), stem);
  return {
    aircraftId: aircraft.value ?? "unknown",
    flightId: flight.value ?? stem,
    origins: { aircraftId: aircraft.origin, flightId: flight.origin },
    promises: sidecar.promises,
    warnings: sidecar.warnings,
  };
}

const NOTHING = { ids: {} as { aircraft_id?: string; flight_id?: string }, promises: NO_PROMISES, warnings: [] };

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
