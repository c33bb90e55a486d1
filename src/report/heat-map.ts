import type { HeatMap } from "../page/chart.ts";
import { formatNumber } from "../page/number-format.ts";
import { MOST } from "./caps.ts";
import type { FleetCell, Report } from "./model.ts";
import { many } from "./words.ts";

/** From this share of recorded time on that was not scored, a cell says that it speaks for a part only. */
const PARTLY = 0.05;
const PERCENT = { style: "percent" } as const;

/** The fleet by aircraft and period: the rate where something was scored, and never a rate where nothing was. */
export function fleetHeatMap({ fleet }: Report): HeatMap {
  const rows = fleet.aircraft.slice(0, MOST.heatRows).map(({ id }) => id);
  const { period, periods, cells } = fleet;
  return {
    kind: "heat-map",
    id: "fleet",
    title: `Share of anomalous windows by aircraft and ${period}`,
    caption: captionOf(fleet),
    rowLabel: "Aircraft",
    columnLabel: `${{ day: "Day", week: "Week", month: "Month" }[period]} (UTC)`,
    valueLabel: "Anomalous",
    format: PERCENT,
    rows,
    columns: periods,
    cells: cells.map((row) => row.map(shownValue)),
    notes: cells.map((row) => row.map(noteOf)),
    partly: {
      means: "speaks for a part: a file failed, or over 5% was not scored",
      cells: cells.map((row) => row.map(isPartly)),
    },
    steps: [0, 0.02, 0.1, 0.25, 0.5],
    states: { unexamined: "not examined" },
    emptyMeans: "no flight",
  };
}

function shownValue(cell: FleetCell | null): number | string | null {
  if (cell === null) return null;
  if (cell.windows === 0) return cell.unexamined > 0 ? "unexamined" : null;
  return cell.anomalies / cell.windows;
}

function isPartly(cell: FleetCell | null): boolean {
  return cell !== null && cell.windows > 0 && (cell.unexamined > 0 || (cell.notScored ?? 0) > PARTLY);
}

function noteOf(cell: FleetCell | null): string | null {
  if (cell === null || (cell.windows === 0 && cell.unexamined === 0)) return null;
  const parts = [
    ...(cell.windows > 0 ? [`${many(cell.flights, "flight")}, ${many(cell.windows, "window")}`] : []),
    ...(cell.unexamined > 0
      ? [`${many(cell.unexamined, "flight or file").replace("files", "file")} not examined`]
      : []),
    ...(cell.windows > 0 && (cell.notScored ?? 0) > 0
      ? [`${formatNumber(cell.notScored, PERCENT)} of the time not scored`]
      : []),
  ];
  return parts.join("; ");
}

function captionOf({ aircraft, aircraftCount, periods, earlierPeriods, period, cells }: Report["fleet"]): string {
  const [worst] = aircraft;
  const flat = cells.flat();
  const unexamined = flat.filter((cell) => shownValue(cell) === "unexamined").length;
  const partly = flat.filter(isPartly).length;
  const sentences = [
    worst === undefined || worst.summary.anomaly_rate === null
      ? "Nothing was scored."
      : `The worst first: ${worst.id} with ${formatNumber(worst.summary.anomaly_rate, PERCENT)} in all.`,
    ...(unexamined > 0
      ? [
          `${many(unexamined, "cell")} with flights that were not examined ${unexamined === 1 ? "is" : "are"} hatched: they say nothing of health.`,
        ]
      : []),
    ...(partly > 0
      ? [`${many(partly, "cell")} ${partly === 1 ? "speaks" : "speak"} for a part of the flights only.`]
      : []),
    ...(aircraftCount > MOST.heatRows
      ? [`${formatNumber(aircraftCount - MOST.heatRows)} more aircraft are not drawn.`]
      : []),
    ...(earlierPeriods > 0 ? [`${formatNumber(earlierPeriods)} earlier ${period}s are not drawn.`] : []),
    ...(periods.includes("no date") ? ['Files that nothing dates stand under "no date".'] : []),
  ];
  return sentences.join(" ");
}
