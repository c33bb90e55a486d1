import { constants } from "node:fs";
import { copyFile, link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFlight } from "../src/fleet/make-flight.ts";
import { planFleet } from "../src/fleet/plan-fleet.ts";
import type { FleetSize } from "./options.ts";

/** A folder of recordings to compare on. */
export interface BenchData {
  folder: string;
  /** What is in it, in words. */
  title: string;
  files: number;
  bytes: number;
}

const DISTINCT_FLIGHTS = 8;
const AIRCRAFT = 25;
const FIRST_DEPARTURE = Date.UTC(2025, 9, 1, 6);
const BETWEEN_DEPARTURES_MS = 2 * 3600_000;

/** The file of flight `i` of a made fleet: 25 aircraft in turn, a departure every two hours. */
export function flightName(i: number): string {
  const departure = new Date(FIRST_DEPARTURE + i * BETWEEN_DEPARTURES_MS).toISOString();
  const stamp = departure.slice(0, 19).replace("T", "_").replaceAll(/[-:]/g, "");
  return `AC${String((i % AIRCRAFT) + 1).padStart(3, "0")}_${stamp}.parquet`;
}

/** Makes a fleet below `cache`, or finds it there from the last time. */
export async function madeFleet(size: FleetSize, cache: string): Promise<BenchData> {
  const { flights, seconds, rateHz } = size;
  const folder = join(cache, `${flights}x${seconds}s-${rateHz}hz`);
  if ((await stat(folder).catch(() => null)) === null) await makeFleet(size, folder);
  return describeData(folder, `${flights} flights of ${seconds} s at ${rateHz} Hz`);
}

async function makeFleet(size: FleetSize, folder: string): Promise<void> {
  const unfinished = `${folder}.${process.pid}.tmp`;
  await mkdir(unfinished, { recursive: true });
  try {
    const aircraft = Math.min(DISTINCT_FLIGHTS, size.flights);
    const plan = planFleet({ aircraft, days: 1, flightSeconds: size.seconds, rateHz: size.rateHz });
    for (const [i, flight] of plan.entries()) {
      await writeFile(join(unfinished, flightName(i)), makeFlight(flight, false).bytes);
    }
    for (let i = plan.length; i < size.flights; i++) {
      await linkOrCopy(join(unfinished, flightName(i % plan.length)), join(unfinished, flightName(i)));
    }
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to, constants.COPYFILE_EXCL));
}

/** What is in a folder of recordings. Reads every file, so that the first contender finds them in memory like the others. */
export async function describeData(folder: string, title: string): Promise<BenchData> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.name.endsWith(".parquet"))
    .map((entry) => join(entry.parentPath, entry.name));
  let bytes = 0;
  for (const path of paths) bytes += (await readFile(path)).length;
  return { folder, title, files: paths.length, bytes };
}
