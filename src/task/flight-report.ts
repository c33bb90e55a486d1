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
    skipped: countEach(judged.reasons.filter((reason) => reason !== null)),
    imputed: countEach(chunk.imputed.flatMap((names) => (names === "" ? [] : names.split(",")))),
    days: {},
    firstNs: scored === 0 ? null : String(chunk.timestamps[0]),
    lastNs: scored === 0 ? null : String(chunk.timestamps[scored - 1]),
    // The windows of a grid all have ids of their own; those of rows have not, if two rows begin at one time.
    repeatsIds: !isAscending(chunk.timestamps) || (table.windowIds !== null && new Set(chunk.windowIds).size < scored),
  };
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

/** How often each word occurs. Whatever the word: an object that is filled by its keys has some already. */
function countEach(words: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries(counts);
}
