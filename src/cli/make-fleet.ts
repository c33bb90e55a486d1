import { readdir } from "node:fs/promises";
import { Fault } from "../faults/fault.ts";
import { FLEET_DEFAULTS } from "../fleet/plan-fleet.ts";
import type { Wear } from "../fleet/wear.ts";
import { type FleetFile, type WriteFleetOptions, writeFleet } from "../fleet/write-fleet.ts";

/** The flags of `flightbatch make-fleet`, as the command line gives them: numbers may still be text. */
export interface MakeFleetFlags {
  output: string;
  aircraft?: number | string;
  days?: number | string;
  flightsPerDay?: number | string;
  minutes?: number | string;
  rate?: number | string;
  seed?: number | string;
  /** Put files that cannot be read among the others. */
  withFaulty?: boolean;
  /** Write into a folder that is not empty; files of the same name are replaced. */
  force?: boolean;
}

const WEAR_WORDS: Record<Wear, string> = {
  healthy: "healthy",
  fan_imbalance: "fan imbalance, growing",
  bearing_wear: "worn compressor bearing, growing",
  hot_section: "hot section running hotter, growing",
};

/**
 * Makes a sample fleet in `--output` and says what is the matter with each aircraft. Returns the exit code.
 *
 * @throws Fault `USAGE` for flags that cannot be meant, `OUTPUT_UNWRITABLE` for a folder that is not empty.
 */
export async function makeFleetCommand(flags: MakeFleetFlags, out: { write(text: string): unknown }): Promise<number> {
  const options = fleetOptions(flags);
  if (!flags.force) await refuseUsedFolder(flags.output);
  const files = await writeFleet(options);
  out.write(describeFleet(files, options));
  return 0;
}

function fleetOptions(flags: MakeFleetFlags): WriteFleetOptions & { rateHz: number } {
  const number = (value: number | string | undefined, standard: number) => {
    // An empty flag would count as 0.
    return value === undefined ? standard : value === "" ? Number.NaN : Number(value);
  };
  return {
    directory: flags.output,
    aircraft: number(flags.aircraft, FLEET_DEFAULTS.aircraft),
    days: number(flags.days, FLEET_DEFAULTS.days),
    flightsPerDay: number(flags.flightsPerDay, FLEET_DEFAULTS.flightsPerDay),
    flightSeconds: number(flags.minutes, FLEET_DEFAULTS.flightSeconds / 60) * 60,
    rateHz: number(flags.rate, FLEET_DEFAULTS.rateHz),
    seed: number(flags.seed, FLEET_DEFAULTS.seed),
    withDamagedFiles: flags.withFaulty ?? false,
  };
}

async function refuseUsedFolder(path: string): Promise<void> {
  let entries: string[];
  try {
    entries = await readdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw unwritable(path, (error as Error).message, error);
  }
  if (entries.length > 0) throw unwritable(path, `${entries.length} entries are in this folder already`);
}

function unwritable(path: string, found: string, cause?: unknown): Fault {
  return new Fault(
    {
      code: "OUTPUT_UNWRITABLE",
      path,
      found,
      expected: "a new or empty folder for the fleet",
      hint: "Name another folder with --output, or write into this one with --force (files of the same name are replaced).",
    },
    { cause },
  );
}

function describeFleet(files: FleetFile[], options: { directory: string; rateHz: number }): string {
  const sound = files.filter((file) => file.damage === null);
  const damaged = files.filter((file) => file.damage !== null);
  const megabytes = sound.reduce((sum, file) => sum + file.bytes, 0) / 1e6;
  const lines = [`${sound.length} flights, ${megabytes.toFixed(1)} MB, in ${options.directory}`];
  const wears = new Map(sound.map((file) => [file.aircraftId, file.wear.wear]));
  for (const [aircraftId, wear] of wears) lines.push(`  ${aircraftId}  ${WEAR_WORDS[wear]}`);
  for (const file of damaged) lines.push(`  ${file.path}  cannot be read: ${file.damage}`);
  if (options.rateHz < 100) {
    lines.push("  The example detector wants recordings of 100 Hz: below, the fan's own frequency cannot be seen.");
  }
  return `${lines.join("\n")}\n`;
}
