import { formatNumber } from "../../page/number-format.ts";
import type { Block, Part, Table } from "../../page/page.ts";
import type { RecordedCoverage, RecordedTime } from "../coverage.ts";
import { COUNT, MOST_ROWS, PERCENT, timeText, timeUnit } from "./looks.ts";

/** What was recorded, and how much of it was looked at. */
export function coveragePart(coverage: RecordedCoverage | null, inputs: number): Part {
  return { id: "coverage", title: "What was looked at", blocks: coverageBlocks(coverage, inputs) };
}

function coverageBlocks(coverage: RecordedCoverage | null, inputs: number): Block[] {
  if (coverage === null) {
    const text =
      "How much was recorded is not known: no coverage.parquet of a run lies beside these results. What is not in them was not counted.";
    return [{ kind: "note", tone: "neutral", text }];
  }
  const { recorded_seconds, scored_seconds } = coverage;
  const missing = recorded_seconds - scored_seconds;
  return [
    ...notes(coverage, inputs),
    {
      kind: "tiles",
      tiles: [
        { label: "Recorded", value: timeText(recorded_seconds) },
        { label: "Scored", value: timeText(scored_seconds), detail: formatNumber(shareOf(coverage), PERCENT) },
        { label: "Not scored", value: timeText(missing), ...(missing > 0 && { tone: "missing" as const }) },
        { label: "Promised and absent", value: timeText(coverage.absent_seconds) },
      ],
    },
    ...reasonsChart(coverage),
    { kind: "table", table: aircraftTable(coverage) },
  ];
}

function notes({ inputs_without, failed_files, files_of_unknown_length }: RecordedCoverage, inputs: number): Block[] {
  const said: Block[] = [];
  const say = (tone: "missing" | "neutral", text: string) => said.push({ kind: "note", tone, text });
  if (inputs_without > 0)
    say(
      "neutral",
      `${inputs_without} of ${inputs} results have no coverage.parquet beside them: what was recorded for them is not in these numbers.`,
    );
  if (failed_files > 0) say("missing", `${formatNumber(failed_files)} recordings could not be read.`);
  if (files_of_unknown_length > 0)
    say(
      "neutral",
      `Of ${formatNumber(files_of_unknown_length)} recordings nothing tells how long they are: there is more than is counted here.`,
    );
  return said;
}

function reasonsChart({ not_scored_seconds }: RecordedCoverage): Block[] {
  const reasons = Object.entries(not_scored_seconds);
  if (reasons.length === 0) return [];
  const [reason, seconds] = reasons[0]!;
  const { unit, seconds: one, digits } = timeUnit(seconds);
  return [
    {
      kind: "chart",
      chart: {
        kind: "bars",
        id: "not-scored",
        title: "Why recorded time was not scored",
        caption: `Most of it by ${inWords(reason)}: ${timeText(seconds)}.`,
        categoryLabel: "Reason",
        categories: reasons.map(([name]) => inWords(name)),
        value: { label: `Time, ${unit}`, format: { style: "number", digits, unit }, min: 0 },
        direction: "across",
        series: [{ name: "Time not scored", values: reasons.map(([, s]) => s / one), tone: "missing" }],
      },
    },
  ];
}

function aircraftTable({ by_aircraft }: RecordedCoverage): Table {
  const missing = ({ recorded_seconds, scored_seconds, absent_seconds }: RecordedTime) =>
    recorded_seconds - scored_seconds + absent_seconds;
  const all = Object.entries(by_aircraft).sort(([, a], [, b]) => missing(b) - missing(a));
  return {
    id: "coverage-aircraft",
    caption: "What was looked at, by aircraft",
    columns: [
      { label: "Aircraft" },
      { label: "Recorded, h", format: HUNDREDTHS },
      { label: "Scored, h", format: HUNDREDTHS },
      { label: "Scored", format: PERCENT },
      { label: "Not scored, h", format: HUNDREDTHS },
      { label: "Most of it by" },
      { label: "Absent, h", format: HUNDREDTHS },
      { label: "Failed recordings", format: COUNT },
    ],
    rows: all.slice(0, MOST_ROWS).map(([id, time]) => ({
      cells: [
        id,
        time.recorded_seconds / 3600,
        time.scored_seconds / 3600,
        shareOf(time),
        (time.recorded_seconds - time.scored_seconds) / 3600,
        inWords(Object.keys(time.not_scored_seconds)[0] ?? "-"),
        time.absent_seconds / 3600,
        time.failed_files,
      ],
    })),
    more:
      all.length > MOST_ROWS ? `The ${MOST_ROWS} with the most time not examined, of ${all.length} aircraft.` : null,
    empty: "no recording of a known aircraft",
  };
}

const HUNDREDTHS = { style: "number", digits: 2 } as const;

function shareOf({ scored_seconds, recorded_seconds }: RecordedTime): number | null {
  return recorded_seconds === 0 ? null : scored_seconds / recorded_seconds;
}

function inWords(reason: string): string {
  return reason.replaceAll("_", " ");
}
