import type { Dimension } from "./options.ts";

const DATE = "DATE '1970-01-01' + day";

/** What each dimension is of a cell. */
const EXPRESSIONS: Record<Dimension, string> = {
  aircraft_id: "aircraft_id",
  flight_id: "flight_id",
  date: `strftime(${DATE}, '%Y-%m-%d')`,
  // ISO 8601: the week of a Thursday is of the Thursday's year.
  week: `strftime(${DATE}, '%G-W%V')`,
  month: `strftime(${DATE}, '%Y-%m')`,
  flight_phase: "flight_phase",
  severity: "severity",
  model: "model",
};

const WHOLE_FLIGHTS: readonly Dimension[] = ["model", "aircraft_id", "flight_id"];

const SUMS =
  "sum(anomalies)::DOUBLE AS anomalies, max(max_score) AS max_score, max(max_severity) AS max_severity, min(day) FILTER (anomalies > 0) AS first_day";
const EXPOSURE = "sum(windows)::DOUBLE AS exposure, sum(covered)::DOUBLE AS covered";

/** Whether groups by these are of whole flights, and so may have flights without a window. */
export function hasEmptyFlights(dimensions: readonly Dimension[]): boolean {
  return dimensions.every((name) => WHOLE_FLIGHTS.includes(name));
}

/**
 * A query of a row per group and flight, group after group: keys `k0`, `k1` ... of the dimensions, `windows`, `anomalies`, `max_score`, `max_severity`, `first_day`
 * (of the first anomaly, since 1970), and what rates are over: `exposure` (windows) and `covered` (ns).
 */
export function flightRowsSql(dimensions: readonly Dimension[]): string {
  const keys = dimensions.map((name, i) => `${EXPRESSIONS[name]} AS k${i}`);
  const names = dimensions.map((_, i) => `k${i}`);
  const order = `ORDER BY ${[...names, "aircraft", "flight"].join(", ")}`;
  const flight = "aircraft_id AS aircraft, flight_id AS flight";
  const where = hasEmptyFlights(dimensions) ? "" : "WHERE windows > 0";
  if (dimensions.includes("severity"))
    return `${bySeverity(keys, names, names[dimensions.indexOf("severity")]!)} ${order}`;
  return `SELECT ${[...keys, flight].join(", ")}, sum(windows)::DOUBLE AS windows, ${SUMS}, ${EXPOSURE} FROM cells ${where} GROUP BY ALL ${order}`;
}

/** A severity is what came of a window, not which was flown: its rates are over the windows of all severities, also in flights that have none of it. */
function bySeverity(keys: string[], names: string[], severity: string): string {
  const others = names.filter((name) => name !== severity);
  const base = [...others, "aircraft", "flight"].join(", ");
  const every = [...others, severity, "aircraft", "flight"].join(", ");
  return `WITH keyed AS (SELECT ${[...keys, "aircraft_id AS aircraft", "flight_id AS flight", "day", "windows", "anomalies", "covered", "max_score", "max_severity", "1 AS one"].join(", ")}
      FROM cells WHERE windows > 0),
    exposures AS (SELECT one, ${base}, ${EXPOSURE} FROM keyed GROUP BY ALL),
    present AS (SELECT DISTINCT ${["one", ...others, severity].join(", ")} FROM keyed),
    own AS (SELECT ${every}, sum(windows)::DOUBLE AS windows, ${SUMS} FROM keyed GROUP BY ALL)
    SELECT ${[...names, "aircraft", "flight"].join(", ")}, coalesce(own.windows, 0) AS windows, coalesce(own.anomalies, 0) AS anomalies, max_score, max_severity, first_day, exposure, covered
    FROM exposures JOIN present USING (${["one", ...others].join(", ")}) LEFT JOIN own USING (${every})`;
}
