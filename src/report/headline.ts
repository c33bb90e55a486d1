import { timeText } from "../aggregate/page/looks.ts";
import type { Tone } from "../page/chart.ts";
import { formatNumber } from "../page/number-format.ts";
import type { Report } from "./model.ts";
import { many } from "./words.ts";

/** Below this share of the recorded time, what was found speaks for too little to be called good. */
const ENOUGH_EXAMINED = 0.95;

/** The answer in two sentences: what was found, and how much of the recordings it speaks for. */
export function headlineOf(report: Report): { text: string; tone: Tone } {
  const examined = examinedText(report);
  const { anomalies, total_windows } = report.fleet.summary;
  if (total_windows === 0)
    return { text: `Nothing was scored: nothing is known of these flights. ${examined.text}`, tone: "missing" };
  const severe = new Set(
    report.events.top.filter(({ severity }) => severity === 3).map(({ aircraftId }) => aircraftId),
  );
  const affected = report.events.byAircraft.size;
  const aircraft = many(report.fleet.aircraftCount, "aircraft").replace("aircrafts", "aircraft");
  if (affected === 0) {
    const few =
      anomalies === 0
        ? "no window was anomalous"
        : `${many(anomalies, "window")} were anomalous, none of them lastingly`;
    return {
      text: `No event was raised on ${aircraft}: ${few}. ${examined.text}`,
      tone: examined.isEnough ? "good" : "missing",
    };
  }
  const events = `${many(report.events.raised, "event")} on ${formatNumber(affected)} of ${aircraft}${severe.size > 0 ? `, severe on ${formatNumber(severe.size)}` : ""}.`;
  return { text: `${events} ${worstText(report)} ${examined.text}`, tone: severe.size > 0 ? "bad" : "warning" };
}

function worstText({ fleet }: Report): string {
  const worst = fleet.aircraft[0]!;
  const rate = formatNumber(worst.summary.anomaly_rate, { style: "percent" });
  const rising = fleet.aircraft.filter(({ trend }) => trend?.rises === true).length;
  const rises = rising === 0 ? "" : ` The rate rises on ${formatNumber(rising)}.`;
  return `${worst.id} has most anomalies: ${rate} of its windows.${rises}`;
}

function examinedText({ coverage: { summary } }: Report): { text: string; isEnough: boolean } {
  if (summary === null) return { text: "How much of the recordings was examined is not known.", isEnough: false };
  const { recorded_seconds, scored_seconds, files_of_unknown_length } = summary.coverage;
  const share = recorded_seconds === 0 ? 0 : scored_seconds / recorded_seconds;
  const failed = summary.files.failed;
  const files = failed === 0 ? "" : `, and ${many(failed, "file")} failed`;
  const text = `Examined: ${formatNumber(share, { style: "percent" })} of ${timeText(recorded_seconds)} recorded${files}.`;
  return { text, isEnough: share >= ENOUGH_EXAMINED && failed === 0 && files_of_unknown_length === 0 };
}
