import type { FlightReport } from "../results/reports.ts";
import type { ScoredFlight } from "./score-flight.ts";
import { dayOfSeconds } from "./window-names.ts";

const NS_PER_SECOND = 1_000_000_000n;

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
    // The windows of a grid all have ids of their own; those of rows have not, if two rows begin at one time.
    repeatsIds: !isAscending(chunk.timestamps) || (table.windowIds !== null && new Set(chunk.windowIds).size < scored),
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

function isAscending(timestamps: BigInt64Array): boolean {
  for (let i = 1; i < timestamps.length; i++) if (timestamps[i]! <= timestamps[i - 1]!) return false;
  return true;
}

function addWindow(
  report: FlightReport,
  { score, isAnomaly, instantNs }: { score: number; isAnomaly: boolean; instantNs: bigint },
): void {
  report.maxScore = report.maxScore === null ? score : Math.max(report.maxScore, score);
  const name = dayOfSeconds(Number(instantNs / NS_PER_SECOND) - (instantNs % NS_PER_SECOND < 0n ? 1 : 0));
  report.days[name] ??= { windows: 0, anomalies: 0 };
  report.days[name].windows++;
  if (!isAnomaly) return;
  report.days[name].anomalies++;
  report.anomalies++;
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
