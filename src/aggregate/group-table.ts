import type { Dimension } from "./options.ts";
import type { GroupRow, Summarised } from "./summary.ts";
import type { RateTrend } from "./trend.ts";
import type { Cell, TableColumn } from "./write-table.ts";

type Rates = "anomaly_rate" | "anomalies_per_flight" | "anomalies_per_100_hours";

/** The groups as a table, a row each: keys, counts, rates with their bounds, and with `withTrend` the trend of the row's aircraft. */
export function groupTable(
  { groups, trends }: Pick<Summarised, "groups" | "trends">,
  { groupBy, withTrend }: { groupBy: readonly Dimension[]; withTrend: boolean },
): TableColumn[] {
  const column = (name: string, kind: TableColumn["kind"], pick: (row: GroupRow) => Cell): TableColumn => ({
    name,
    kind,
    values: groups.map(pick),
  });
  const rate = (name: Rates) => [
    column(name, "number", (row) => row[name]),
    column(`${name}_low`, "number", (row) => row[`${name}_interval`]?.[0] ?? null),
    column(`${name}_high`, "number", (row) => row[`${name}_interval`]?.[1] ?? null),
  ];
  return [
    ...groupBy.map((name) => column(name, name === "severity" ? "count" : "text", (row) => row[name]!)),
    column("flights", "count", (row) => row.flights),
    column("windows", "count", (row) => row.windows),
    column("anomalies", "count", (row) => row.anomalies),
    ...rate("anomaly_rate"),
    column("max_anomaly_score", "number", (row) => row.max_anomaly_score),
    column("first_anomaly", "text", (row) => row.first_anomaly),
    column("max_anomaly_severity", "count", (row) => row.max_anomaly_severity),
    column("scored_flights", "count", (row) => row.scored_flights),
    ...rate("anomalies_per_flight"),
    column("scored_hours", "number", (row) => row.scored_hours),
    ...rate("anomalies_per_100_hours"),
    ...(withTrend ? trendColumns(groups.map((row) => trendOf(row, trends))) : []),
  ];
}

function trendColumns(trends: (RateTrend | undefined)[]): TableColumn[] {
  const column = (name: string, kind: TableColumn["kind"], pick: (trend: RateTrend) => Cell): TableColumn => ({
    name,
    kind,
    values: trends.map((trend) => (trend === undefined ? null : pick(trend))),
  });
  return [
    column("trend_n", "count", ({ n }) => n),
    column("trend_slope", "number", ({ slope }) => slope),
    column("trend_slope_low", "number", ({ slope_interval }) => slope_interval?.[0] ?? null),
    column("trend_slope_high", "number", ({ slope_interval }) => slope_interval?.[1] ?? null),
    column("trend_rises", "flag", ({ rises }) => rises),
  ];
}

/** Without model among the keys there is only one. */
function trendOf({ model, aircraft_id }: GroupRow, trends: Summarised["trends"]): RateTrend | undefined {
  const ofModel = model === undefined ? [...trends.values()][0] : trends.get(String(model));
  const id = String(aircraft_id);
  return ofModel !== undefined && Object.hasOwn(ofModel.by_aircraft, id) ? ofModel.by_aircraft[id] : undefined;
}
