import { timeText } from "../aggregate/page/looks.ts";
import type { Axis, BarChart, LineChart, LineSeries, Mark } from "../page/chart.ts";
import { formatInstant, formatNumber } from "../page/number-format.ts";
import { FLIGHT_PHASES } from "../verdict/thresholds.ts";
import type { FlightInDepth, SignalTrace } from "./model.ts";
import { epochMs, many } from "./words.ts";

/** From this ratio of highest score to threshold on, an even scale would flatten all but the peak. */
const STEEP = 20;
const TIME = { scale: "time", label: "Time (UTC)" } as const;

/** The score against its phase's threshold, with phases behind it; what was not examined is hatched and has no line. */
export function scoreChart(flight: FlightInDepth, id: string): LineChart {
  const { scores, anomalousScores, thresholds, phases, unexamined } = flight;
  const series: LineSeries[] = [
    { name: "score", look: "line", points: scores },
    ...(thresholds.length > 0
      ? [{ name: "threshold of the phase", look: "step", tone: "neutral", points: thresholds } as const]
      : []),
    { name: "anomalous window", look: "points", tone: "bad", points: anomalousScores },
  ];
  const order: readonly string[] = FLIGHT_PHASES;
  return {
    kind: "lines",
    id,
    title: "Score against the threshold of its phase",
    caption: scoreCaption(flight),
    heightPx: 380,
    x: TIME,
    y: scoreAxis(flight),
    series: series.filter(({ points }) => points.length > 0),
    bands: [
      ...phases.map((band) => ({ ...band, ...(order.includes(band.label) && { colour: order.indexOf(band.label) }) })),
      ...unexamined.map((band) => ({ ...band, tone: "missing" as const })),
    ],
    marks: flight.events.map(
      (event, i): Mark => ({ at: epochMs(event.peakTimeNs), label: i === 0 ? "strongest event" : `event ${i + 1}` }),
    ),
  };
}

function scoreAxis({ scores, thresholds, maxScore }: FlightInDepth): Axis {
  const format = { style: "number", digits: 2 } as const;
  const lowest = scores.reduce(
    (least, [, value]) => (value === null ? least : Math.min(least, value)),
    Number.POSITIVE_INFINITY,
  );
  const level = thresholds.reduce((least, [, value]) => Math.min(least, value ?? least), Number.POSITIVE_INFINITY);
  const isSteep = maxScore !== null && lowest > 0 && maxScore > STEEP * (Number.isFinite(level) ? level : lowest);
  return isSteep
    ? { label: "anomaly score (each step times ten)", format, isLogarithmic: true }
    : { label: "anomaly score", format, min: 0 };
}

function scoreCaption({ maxScore, scores, events, unexamined }: FlightInDepth): string {
  const peak = scores.find(([, value]) => value === maxScore);
  const highest =
    peak === undefined ? "" : `The highest score is ${formatNumber(maxScore)} at ${formatInstant(peak[0])}`;
  const ratio = events[0]?.peakRatio;
  const times = ratio == null ? "." : `, ${formatNumber(ratio, { style: "number", digits: 1 })} times its threshold.`;
  const lost = unexamined.reduce((sum, { from, to }) => sum + (to - from) / 1000, 0);
  return `${highest}${times}${lost > 0 ? ` ${timeText(lost)} of the flight (${many(unexamined.length, "stretch").replace(/stretchs$/, "stretches")}, hatched) was not examined.` : ""}`;
}

/** How much each feature has in the squared error of the strongest event. */
export function contributionChart({ contributions, events }: FlightInDepth, id: string): BarChart {
  const [first] = contributions;
  const meaning = first!.interpretation === null ? "" : `, which the model's authors read as: ${first!.interpretation}`;
  return {
    kind: "bars",
    id,
    title: "Which features make the strongest event",
    caption: `${first!.feature} has ${formatNumber(first!.share, { style: "percent" })} of the squared error over ${many(events[0]!.anomalousWindowCount, "anomalous window")}${meaning}.`,
    categoryLabel: "Feature",
    categories: contributions.map(({ feature }) => feature),
    value: { label: "share of the squared error", format: { style: "percent" }, min: 0 },
    direction: "across",
    series: [{ name: "share of the squared error", values: contributions.map(({ share }) => share) }],
    notes: contributions.map(({ level, interpretation }) =>
      level === null ? null : `${level}${interpretation === null ? "" : `: ${interpretation}`}`,
    ),
  };
}

/** A signal of the recording; the time of the event is shaded. */
export function signalChart({ events }: FlightInDepth, { name, unit, points }: SignalTrace, id: string): LineChart {
  const values = points.flatMap(([, value]) => (value === null ? [] : [value]));
  const [from, to] = [points[0]?.[0] ?? 0, points[points.length - 1]?.[0] ?? 0];
  const [event] = events;
  const format = { style: "number", digits: 3 } as const;
  const range =
    values.length === 0
      ? "No valid sample in this time."
      : `From ${formatNumber(
          values.reduce((a, b) => Math.min(a, b)),
          format,
        )} to ${formatNumber(
          values.reduce((a, b) => Math.max(a, b)),
          format,
        )}${unit === null ? "" : ` ${unit}`}.`;
  return {
    kind: "lines",
    id,
    title: unit === null ? name : `${name} (${unit})`,
    caption: range,
    heightPx: 190,
    x: TIME,
    y: { label: unit ?? "", format },
    series: [{ name, look: "line", points }],
    ...(event === undefined
      ? {}
      : {
          bands: [
            {
              from: Math.max(from, epochMs(event.startTimeNs)),
              to: Math.min(to, epochMs(event.endTimeNs)),
              label: "event",
              colour: 7,
            },
          ],
        }),
  };
}
