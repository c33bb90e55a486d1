import type { Database } from "../aggregate/database.ts";
import { FLIGHT_PHASES } from "../verdict/thresholds.ts";
import type { GroupComparison } from "./comparison.ts";
import type { Grouping } from "./groups.ts";
import { matchedStatistics, noStatistics } from "./matched-statistics.ts";
import { NO_DISTANCE, scoreDistances } from "./score-distance.ts";
import type { Side } from "./side.ts";
import { noWorkload, type Workloads } from "./workload.ts";

/** Everything that is said of each group, by its number, phase, or `all`; aircraft in the order of their ids, phases in that of a flight. */
export async function compareGroups(
  db: Database,
  grouping: Grouping,
  { a, b }: Record<Side, Workloads>,
): Promise<Map<string, GroupComparison>> {
  const statistics = await matchedStatistics(db, grouping);
  const distances = await scoreDistances(db, grouping);
  // A group may also have windows that only one side has.
  const groups = new Set([...statistics.keys(), ...a[grouping].keys(), ...b[grouping].keys()]);
  // Where nothing says the phase.
  groups.delete("null");
  return new Map(
    [...groups].sort(orderOf(grouping)).map((group) => [
      group,
      {
        ...(statistics.get(group) ?? noStatistics()),
        distance: distances.get(group) ?? NO_DISTANCE,
        workload: { a: a[grouping].get(group) ?? noWorkload(), b: b[grouping].get(group) ?? noWorkload() },
      },
    ]),
  );
}

function orderOf(grouping: Grouping): (x: string, y: string) => number {
  const phases: string[] = [...FLIGHT_PHASES, "unknown"];
  const place = grouping === "phase" ? (name: string) => phases.indexOf(name) : Number;
  return (x, y) => place(x) - place(y);
}
