import { compareCodePoints } from "../filter/text-order.ts";
import type { Severity } from "../verdict/severity.ts";
import { groupBy } from "./group-by.ts";
import type { FileReport, FlightReport } from "./reports.ts";
import { type DayTally, type Summary, sumDays } from "./summary.ts";

/** An aircraft with anomalies, in brief. */
export interface WorstAircraft {
  aircraftId: string;
  flights: number;
  scoredHours: number;
  anomaliesPer100Hours: number;
  worstSeverity: Severity;
  /** Recorded but not scored, and what its sidecars promise beyond. */
  notExaminedHours: number;
  /** Whether there are files of it of which nothing tells how long they are. */
  hasUnknownHours: boolean;
  /** By UTC day. */
  days: Map<string, DayTally>;
}

/** Aircraft with anomalies, those with the most in their scored time first: at most `most` of them, and how many there are. */
export function worstAircraft(
  { by_aircraft, coverage }: Summary,
  files: readonly FileReport[],
  most: number,
): { worst: WorstAircraft[]; count: number } {
  const rateOf = (id: string) => coverage.by_aircraft[id]?.anomalies_per_100_scored_hours ?? 0;
  const ids = Object.keys(by_aircraft).filter((id) => by_aircraft[id]!.anomalies > 0);
  ids.sort(
    (a, b) => rateOf(b) - rateOf(a) || by_aircraft[b]!.anomalies - by_aircraft[a]!.anomalies || compareCodePoints(a, b),
  );
  const shown = new Set(ids.slice(0, most));
  const flights = files.flatMap((file) => file.flights.filter(({ aircraftId }) => shown.has(aircraftId)));
  const own = groupBy(flights, ({ aircraftId }) => aircraftId);
  const worst = [...shown].map((id) => describe(id, { by_aircraft, coverage }, own.get(id) ?? []));
  return { worst, count: ids.length };
}

function describe(
  aircraftId: string,
  { by_aircraft, coverage }: Pick<Summary, "by_aircraft" | "coverage">,
  flights: readonly FlightReport[],
): WorstAircraft {
  const time = coverage.by_aircraft[aircraftId]!;
  return {
    aircraftId,
    flights: by_aircraft[aircraftId]!.flights,
    scoredHours: time.scored_seconds / 3600,
    anomaliesPer100Hours: time.anomalies_per_100_scored_hours ?? 0,
    worstSeverity: worstSeverity(flights),
    notExaminedHours: Math.max(0, time.recorded_seconds - time.scored_seconds + time.absent_seconds) / 3600,
    hasUnknownHours: time.files_of_unknown_length > 0,
    days: sumDays(flights),
  };
}

function worstSeverity(flights: readonly FlightReport[]): Severity {
  const has = (severity: Severity) => flights.some(({ bySeverity }) => bySeverity[severity] > 0);
  return ([3, 2, 1] as const).find(has) ?? 0;
}
