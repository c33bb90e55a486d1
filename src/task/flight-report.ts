import type { FlightReport } from "../results/reports.ts";
import type { ScoredFlight } from "./score-flight.ts";
import { dayOfSeconds } from "./window-names.ts";

/** What came of a flight, in numbers. */
export function reportFlight({ table, judged, chunk }: ScoredFlight): FlightReport {
  const scored = chunk.windowIds.length;
  const report: FlightReport = {
    aircraftId: table.aircraftId,
    flightId: table.flightId,
    windows: table.count,
    scored,
    anomalies: 0,
    maxScore: null,
    skipped: {},
    imputed: {},
    days: {},
    firstNs: scored === 0 ? null : String(chunk.timestamps[0]),
    lastNs: scored === 0 ? null : String(chunk.timestamps[scored - 1]),
    repeatsIds: table.windowIds !== null && new Set(chunk.windowIds).size < scored,
  };
  for (const reason of judged.reasons) if (reason !== null) count(report.skipped, reason);
  for (const names of chunk.imputed) if (names !== "") for (const name of names.split(",")) count(report.imputed, name);
  for (let i = 0; i < scored; i++)
    addWindow(report, {
      score: chunk.scores[i]!,
      isAnomaly: chunk.severities[i]! > 0,
      instantNs: chunk.timestamps[i]!,
    });
  return report;
}

function addWindow(
  report: FlightReport,
  { score, isAnomaly, instantNs }: { score: number; isAnomaly: boolean; instantNs: bigint },
): void {
  report.maxScore = report.maxScore === null ? score : Math.max(report.maxScore, score);
  const name = dayOfSeconds(Math.floor(Number(instantNs / 1_000_000n) / 1000));
  report.days[name] ??= { windows: 0, anomalies: 0 };
  report.days[name].windows++;
  if (!isAnomaly) return;
  report.days[name].anomalies++;
  report.anomalies++;
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
