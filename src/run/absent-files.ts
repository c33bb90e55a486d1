import type { Filter } from "../filter/filter.ts";
import { exactly, filterMight } from "../filter/restrict-filter.ts";
import { mapLimited } from "../io/map-limited.ts";
import { readSidecar } from "../io/read-sidecar.ts";
import { fileIdentity } from "../recording/identity.ts";
import type { AbsentFile } from "../results/reports.ts";

const SIDECARS_AT_ONCE = 16;
const FILES_NAMED = 20;

/** The files of which only the sidecars are there, and what these promise; without those that the filter leaves out. */
export async function findAbsentFiles(sidecars: readonly string[], filter: Filter | null): Promise<AbsentFile[]> {
  const found = await mapLimited([...new Set(sidecars)], SIDECARS_AT_ONCE, describeAbsent);
  return found.filter(({ aircraftId, flightId }) => {
    const facts = { aircraftId: exactly(aircraftId), flightId: exactly(flightId) };
    return filter === null || filterMight(filter, facts) !== "none";
  });
}

async function describeAbsent(sidecar: string): Promise<AbsentFile> {
  const path = sidecar.replace(/\.meta\.json$/, "");
  const { aircraftId, flightId, promises } = fileIdentity(path, (await readSidecar(path)).text);
  return { path, aircraftId, flightId, promisedNs: promises.durationNs, promisedRows: promises.recordCount };
}

/** A line for each of the first of them, and one for the rest. */
export function warnOfAbsent(files: readonly AbsentFile[]): string[] {
  const more = files.length - FILES_NAMED;
  return [
    ...files.slice(0, FILES_NAMED).map(({ path }) => `${path}: not there, though its sidecar is`),
    ...(more > 0 ? [`${more} more files are not there, though their sidecars are`] : []),
  ];
}
