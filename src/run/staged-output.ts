import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRemote, joinPlace, nameOf } from "../io/storage/address.ts";
import { storageOf } from "../io/storage/storage.ts";
import type { SettledOptions } from "./run-options.ts";

/** Where a run puts its files together. */
export interface Staged {
  /** Results and run folder on this machine: their own places, or for an output in a store a folder that goes afterwards. */
  place: Pick<SettledOptions, "output" | "runDirectory" | "format">;
  /** Brings what is there to where it belongs. */
  publish(): Promise<void>;
  remove(): void;
}

/** Files of a run folder that a run may not make: those of an earlier run do not stay beside its results. */
const OPTIONAL_FILES = ["events.parquet", "report.html"];
/** The record of the run comes when all else is there. */
const LAST_FILE = "run.json";

/** Results are put together on a disk, whatever their place: DuckDB and digests need files. */
export function stageOutput(settled: SettledOptions): Staged {
  const { output, runDirectory, format } = settled;
  if (!isRemote(output)) return { place: settled, publish: async () => {}, remove: () => {} };
  const folder = mkdtempSync(join(tmpdir(), "flightbatch-output-"));
  const place = { output: join(folder, nameOf(output)), runDirectory: join(folder, nameOf(runDirectory)), format };
  mkdirSync(place.runDirectory);
  return {
    place,
    publish: () => publish(place, { output, runDirectory }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Each appears whole. The results come after what is told of them, and the record of the run last. */
async function publish(from: Staged["place"], to: Pick<SettledOptions, "output" | "runDirectory">): Promise<void> {
  const storage = await storageOf(to.output);
  const names = readdirSync(from.runDirectory);
  const upload = (name: string) => storage.upload(join(from.runDirectory, name), joinPlace(to.runDirectory, name));
  for (const name of names) if (name !== LAST_FILE) await upload(name);
  if (!existsSync(from.output)) return;
  for (const name of OPTIONAL_FILES) if (!names.includes(name)) await storage.remove(joinPlace(to.runDirectory, name));
  // A data set is in its place already.
  if (from.format !== "dataset") await storage.upload(from.output, to.output);
  if (names.includes(LAST_FILE)) await upload(LAST_FILE);
}
