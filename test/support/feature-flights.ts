import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { doubles, tableBytes, texts, times } from "./write-table.ts";

const SECOND = 1_000_000_000n;

/** A flight of ready windows, one every five seconds, for bundles of `makeBundle`; `score` is what each of them comes to without scaling. */
export interface FeatureFlight {
  aircraft: string;
  flight: string;
  /** Start of the first window, ISO 8601 in UTC. */
  start: string;
  windows?: number;
  score?: number;
}

/** Writes the flight as `<flight>.parquet` into a folder, and gives its path. */
export function writeFlight(
  folder: string,
  { aircraft, flight, start, windows = 4, score = 1 }: FeatureFlight,
): string {
  const first = BigInt(Date.parse(start)) * 1_000_000n;
  const path = join(folder, `${flight}.parquet`);
  mkdirSync(folder, { recursive: true });
  const all = Array.from({ length: windows }, (_, i) => i);
  const table = {
    timestamp: times(all.map((i) => first + BigInt(5 * i) * SECOND)),
    aircraft_id: texts(all.map(() => aircraft)),
    flight_id: texts(all.map(() => flight)),
    a: doubles(all.map(() => score)),
    b: doubles(all.map(() => 0)),
  };
  writeFileSync(path, tableBytes(table));
  return path;
}

/** Three aircraft, the second flight of A over midnight, and a file that is empty. */
export function writeFleet(folder: string): string {
  const data = join(folder, "flights");
  writeFlight(data, { aircraft: "A", flight: "f1", start: "2025-10-11T08:00:00Z" });
  writeFlight(data, { aircraft: "A", flight: "f2", start: "2025-10-12T23:59:50Z", score: 9 });
  writeFlight(data, { aircraft: "007", flight: "f3", start: "2025-10-11T09:00:00Z" });
  writeFlight(data, { aircraft: "b/c é", flight: "f4", start: "2025-10-12T10:00:00Z" });
  writeFileSync(join(data, "broken.parquet"), "");
  return data;
}
