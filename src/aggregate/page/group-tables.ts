import { type Cell, type Column, severityCell, type Table } from "../../page/page.ts";
import { DIMENSIONS, type Dimension } from "../options.ts";
import type { GroupRow, GroupSummary, ModelSummary } from "../summary.ts";
import { boundsText, COUNT, DECIMAL, HOURS, MOST_ROWS, PERCENT } from "./looks.ts";

const LABELS: Record<Dimension, string> = {
  aircraft_id: "Aircraft",
  flight_id: "Flight",
  date: "Day",
  week: "Week",
  month: "Month",
  flight_phase: "Phase",
  severity: "Severity",
  model: "Model",
};

/** The names of the severities, 0 to 3. */
const SEVERITIES = ["none", "minor", "moderate", "severe"];

const NUMBERS: Column[] = [
  { label: "Flights", format: COUNT },
  { label: "Scored windows", format: COUNT },
  { label: "Anomalies", format: COUNT },
  { label: "Anomaly rate", format: PERCENT },
  { label: "Its 95% interval", room: "keep" },
  { label: "Anomalies per flight", format: DECIMAL },
  { label: "95% interval per flight", room: "keep" },
  { label: "Scored hours", format: HOURS },
  { label: "Anomalies per 100 scored hours", format: DECIMAL },
  { label: "95% interval per 100 hours", room: "keep" },
  { label: "Worst severity", room: "keep" },
  { label: "Highest score", format: DECIMAL },
  { label: "First anomaly", room: "keep" },
];

/** A table for each grouping of a model's summary; `prefix` makes ids unique. */
export function groupTables(prefix: string, summary: ModelSummary): Table[] {
  return DIMENSIONS.flatMap((dimension) => {
    if (dimension === "flight_id") return flightTable(prefix, summary);
    const name = dimension.replace(/_id$/, "");
    const section = summary[`by_${name}` as "by_aircraft"];
    if (section === undefined) return [];
    const rows = Object.entries(section).map(([key, group]) => ({ keys: [keyCell(dimension, key)], group }));
    return [tableOf(`${prefix}by-${name.replaceAll("_", "-")}`, [dimension], rows)];
  });
}

/** The table by all groupings together. */
export function combinedTable(groups: readonly GroupRow[], groupBy: readonly Dimension[]): Table {
  const rows = groups.map((group) => ({ keys: groupBy.map((name) => keyCell(name, String(group[name]))), group }));
  return tableOf("groups", groupBy, rows);
}

function flightTable(prefix: string, { by_flight }: ModelSummary): Table[] {
  if (by_flight === undefined) return [];
  const rows = Object.entries(by_flight).flatMap(([aircraft, flights]) =>
    Object.entries(flights).map(([flight, group]) => ({ keys: [aircraft, flight], group })),
  );
  return [tableOf(`${prefix}by-flight`, ["aircraft_id", "flight_id"], rows)];
}

interface KeyedGroup {
  keys: (string | Cell)[];
  group: GroupSummary;
}

/** All rows in their order; of too many, those with the most anomalies in their scored time. */
function tableOf(id: string, dimensions: readonly Dimension[], rows: readonly KeyedGroup[]): Table {
  const rate = ({ group }: KeyedGroup) => group.anomalies_per_100_hours ?? -1;
  const shown = rows.length > MOST_ROWS ? [...rows].sort((a, b) => rate(b) - rate(a)).slice(0, MOST_ROWS) : rows;
  return {
    id,
    caption: `By ${dimensions.map((name) => LABELS[name].toLowerCase()).join(" and ")}`,
    columns: [
      ...dimensions.map((name): Column => ({ label: LABELS[name], room: name === "model" ? "break" : "keep" })),
      ...NUMBERS,
    ],
    rows: shown.map(({ keys, group }) => ({ cells: [...keys, ...cellsOf(group)] })),
    more:
      rows.length > shown.length
        ? `The ${shown.length} with the most anomalies in their scored time, of ${rows.length}; all are in a summary as .json or .csv.`
        : null,
    empty: "no scored window",
  };
}

function cellsOf(group: GroupSummary): (string | number | null | Cell)[] {
  return [
    group.flights,
    group.windows,
    group.anomalies,
    group.anomaly_rate,
    boundsText(group.anomaly_rate_interval, PERCENT),
    group.anomalies_per_flight,
    boundsText(group.anomalies_per_flight_interval, DECIMAL),
    group.scored_hours,
    group.anomalies_per_100_hours,
    boundsText(group.anomalies_per_100_hours_interval, DECIMAL),
    group.max_anomaly_severity === null ? "-" : severityCell(group.max_anomaly_severity),
    group.max_anomaly_score,
    group.first_anomaly ?? "-",
  ];
}

function keyCell(dimension: Dimension, key: string): string | Cell {
  return dimension === "severity" ? { text: SEVERITIES[Number(key)] ?? key, sort: Number(key) } : key;
}
