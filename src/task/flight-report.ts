import { accountTime } from "../coverage/account-time.ts";
import type { ModelBundle } from "../model/bundle.ts";
import { splitNames } from "../results/name-list.ts";
import type { FlightReport } from "../results/reports.ts";
import type { ResultChunk } from "../results/result-chunk.ts";
import type { Severity } from "../verdict/severity.ts";
import { FLIGHT_PHASES } from "../verdict/thresholds.ts";
import type { WindowTable } from "../windows/series.ts";
import type { JudgedWindows } from "./judge-windows.ts";
import type { ScoredFlight } from "./score-flight.ts";
import { windowFates } from "./window-fates.ts";
import { dayOfSeconds, WindowClock } from "./window-names.ts";

/** What came of a flight, in numbers. */
export function reportFlight({ table, judged, chunk }: ScoredFlight, bundle: ModelBundle): FlightReport {
  const scored = chunk.windowIds.length;
  const tally = tallyWindows(table, judged, chunk);
  return {
    aircraftId: table.aircraftId,
    flightId: table.flightId,
    windows: table.count,
    scored,
    anomalies: tally.anomalies,
    maxScore: scored === 0 ? null : tally.maxScore,
    bySeverity: tally.bySeverity,
    skipped: Object.fromEntries(countEach(judged.reasons.filter((reason) => reason !== null))),
    imputed: countNames(chunk.imputed),
    days: Object.fromEntries([...tally.days].map(([name, { windows, anomalies }]) => [name, { windows, anomalies }])),
    firstNs: scored === 0 ? null : String(chunk.timestamps[0]),
    lastNs: scored === 0 ? null : String(chunk.timestamps[scored - 1]),
    // The windows of a grid all have ids of their own; those of rows have not, if two rows begin at one time.
    repeatsIds: !tally.isAscending || (table.windowIds !== null && new Set(chunk.windowIds).size < scored),
    time: accountTime(table, windowFates(table, judged, bundle)).map(({ phase, reason, ns }) => ({
      phase: phase === null ? "unknown" : FLIGHT_PHASES[phase]!,
      reason,
      ns,
    })),
  };
}

interface DayTally {
  name: string;
  windows: number;
  anomalies: number;
}

interface Tally {
  anomalies: number;
  maxScore: number;
  bySeverity: FlightReport["bySeverity"];
  days: Map<string, DayTally>;
  /** Whether each scored window begins later than the one before. */
  isAscending: boolean;
}

function tallyWindows(table: WindowTable, { reasons }: JudgedWindows, { scores, severities }: ResultChunk): Tally {
  const clock = new WindowClock(table.originNs);
  const tally: Tally = {
    anomalies: 0,
    maxScore: Number.NEGATIVE_INFINITY,
    bySeverity: [0, 0, 0, 0],
    days: new Map(),
    isAscending: true,
  };
  let day: DayTally = { name: "", windows: 0, anomalies: 0 };
  let before = Number.NEGATIVE_INFINITY;
  for (let k = 0, i = 0; k < table.count; k++) {
    if (reasons[k] !== null) continue;
    const start = table.starts[k]!;
    if (start <= before) tally.isAscending = false;
    before = start;
    const name = dayOfSeconds(clock.seconds(start));
    if (day.name !== name) day = dayNamed(tally.days, name);
    const severity = severities[i]! as Severity;
    const isAnomaly = severity > 0 ? 1 : 0;
    tally.bySeverity[severity]++;
    day.windows++;
    day.anomalies += isAnomaly;
    tally.anomalies += isAnomaly;
    if (scores[i]! > tally.maxScore) tally.maxScore = scores[i]!;
    i++;
  }
  return tally;
}

function dayNamed(days: Tally["days"], name: string): DayTally {
  const known = days.get(name) ?? { name, windows: 0, anomalies: 0 };
  days.set(name, known);
  return known;
}

/** How often each name occurs in lists of names. Of the lists themselves there are few. */
function countNames(lists: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const [list, times] of countEach(lists)) {
    for (const name of splitNames(list)) counts.set(name, (counts.get(name) ?? 0) + times);
  }
  return Object.fromEntries(counts);
}

/** How often each word occurs: a map, since an object that is filled by its keys has some already. */
function countEach(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
