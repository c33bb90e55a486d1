import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Blemish } from "./blemish.ts";
import { damagedCopies } from "./damage.ts";
import { type MadeFlight, makeFlight } from "./make-flight.ts";
import { type FleetPlanOptions, type PlannedFlight, planFleet } from "./plan-fleet.ts";
import type { WearState } from "./wear.ts";

/** A fleet to write, and where. */
export interface WriteFleetOptions extends FleetPlanOptions {
  /** The recordings go to `<directory>/raw/engine_vibration/<YYYY-MM>/`. */
  directory: string;
  /** Whether some flights have a gap, or lost or stuck samples of N1. Default true. */
  withBlemishes?: boolean;
  /** Whether files that cannot be read are put among the others. Default false. */
  withDamagedFiles?: boolean;
}

/** A file of a written fleet, with the truth about it. */
export interface FleetFile {
  path: string;
  aircraftId: string;
  flightId: string;
  rows: number;
  bytes: number;
  wear: WearState;
  blemish: Blemish | null;
  /** What was done to a file that cannot be read; null for a sound one. */
  damage: string | null;
}

/**
 * Makes a sample fleet on disk: one Parquet file in raw form per flight, and its `.meta.json`. The same options give
 * the same bytes. Returns the recordings in the order in which they were written, day by day.
 *
 * @throws Fault `USAGE` when the options make no fleet.
 */
export async function writeFleet(options: WriteFleetOptions): Promise<FleetFile[]> {
  const { directory, withBlemishes = true, withDamagedFiles = false, ...planOptions } = options;
  const raw = join(directory, "raw");
  const files: FleetFile[] = [];
  const plan = planFleet(planOptions);
  for (const flight of plan) {
    const made = makeFlight(flight, withBlemishes);
    const path = join(raw, flight.path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, made.bytes);
    await writeFile(`${path}.meta.json`, sidecar(flight, made));
    files.push(fileOf(path, flight, made));
    if (withDamagedFiles && flight === plan[0]) {
      for (const { suffix, damage, bytes } of damagedCopies(made.bytes)) {
        const damaged = path.replace(/\d{6}\.parquet$/, `${suffix}.parquet`);
        await writeFile(damaged, bytes);
        files.push({ ...fileOf(damaged, flight, made), bytes: bytes.length, rows: 0, damage });
      }
    }
  }
  return files;
}

function fileOf(path: string, flight: PlannedFlight, made: MadeFlight): FleetFile {
  const { aircraftId, flightId, wear } = flight;
  return {
    path,
    aircraftId,
    flightId,
    rows: made.rows,
    bytes: made.bytes.length,
    wear,
    blemish: made.blemish,
    damage: null,
  };
}

function sidecar(flight: PlannedFlight, made: MadeFlight): string {
  const content = {
    aircraft_id: flight.aircraftId,
    flight_id: flight.flightId,
    data_contract_version: "1.0.0",
    record_count: made.rows,
    duration_seconds: flight.seconds,
    file_size_bytes: made.bytes.length,
    checksums: { sha256: createHash("sha256").update(made.bytes).digest("hex") },
  };
  return `${JSON.stringify(content, null, 1)}\n`;
}
