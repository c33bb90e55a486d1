import { groupBy as collect } from "../results/group-by.ts";
import type { Database } from "./database.ts";
import { emptyGroup, type Group, type Key, readGroups } from "./groups.ts";
import type { Dimension, TrendPeriod } from "./options.ts";
import { noTrends, readTrends, type Trends } from "./trend.ts";

/** What is said of a group. Rates are null where nothing was scored, intervals also of a single flight; no number is NaN or infinite. */
export interface GroupSummary {
  flights: number;
  windows: number;
  anomalies: number;
  /** Anomalies per window. */
  anomaly_rate: number | null;
  max_anomaly_score: number | null;
  /** UTC day of the first anomaly. */
  first_anomaly: string | null;
  /** 0 none to 3 severe. */
  max_anomaly_severity: number | null;
  anomaly_rate_interval: [number, number] | null;
  /** Flights with a scored window. */
  scored_flights: number;
  anomalies_per_flight: number | null;
  anomalies_per_flight_interval: [number, number] | null;
  /** Time that scored windows cover, each moment once. */
  scored_hours: number;
  anomalies_per_100_hours: number | null;
  anomalies_per_100_hours_interval: [number, number] | null;
}

/** Groups by a key, or by aircraft and flight. */
type Section = Record<string, GroupSummary> | Record<string, Record<string, GroupSummary>>;

/** The summary of the results of one model, or the totals of several. `by_...` as asked, `by_aircraft` and `by_date` always. */
export interface ModelSummary extends Partial<GroupSummary> {
  total_windows: number;
  total_flights: number;
  /** First and last UTC day with a scored window, or null. */
  date_range: [string, string] | null;
  anomaly_rate: number | null;
  anomalies: number;
  by_aircraft?: Record<string, GroupSummary>;
  by_date?: Record<string, GroupSummary>;
  by_flight?: Record<string, Record<string, GroupSummary>>;
  by_week?: Record<string, GroupSummary>;
  by_month?: Record<string, GroupSummary>;
  by_flight_phase?: Record<string, GroupSummary>;
  by_severity?: Record<string, GroupSummary>;
  trend?: Trends;
}

/** Keys of a group by their dimensions, and what is said of it. */
export type GroupRow = Partial<Record<Dimension, Key>> & GroupSummary;

/** What the cells come to. */
export interface Summarised {
  totals: ModelSummary;
  byModel: Map<string, ModelSummary>;
  /** By all dimensions together. */
  groups: GroupRow[];
  trends: Map<string, Trends>;
}

/** Sums up the cells: in all, by model and there by each dimension, and by all of them together. */
export async function summariseCells(
  db: Database,
  { groupBy, trend, models }: { groupBy: readonly Dimension[]; trend: TrendPeriod | null; models: readonly string[] },
): Promise<Summarised> {
  const trends = trend === null ? new Map<string, Trends>() : await readTrends(db, trend);
  const read = groupReader(db);
  const [days] = await db.rows(`SELECT strftime(DATE '1970-01-01' + min(day), '%Y-%m-%d') AS first,
    strftime(DATE '1970-01-01' + max(day), '%Y-%m-%d') AS last FROM cells`);
  const dateRange = days!.first === null ? null : ([String(days!.first), String(days!.last)] as [string, string]);
  const byModel = new Map(models.map((model) => [model, totalsOf(emptyGroup(), null)]));
  for (const group of await read(["model"])) byModel.set(String(group.keys[0]), totalsOf(group, null));
  for (const dimension of sectionsOf(groupBy)) await addSection(read, byModel, dimension);
  for (const [model, summary] of byModel) {
    const sorted = Object.keys(summary.by_date ?? {});
    summary.date_range = sorted.length === 0 ? null : [sorted[0]!, sorted[sorted.length - 1]!];
    if (trend !== null) summary.trend = trends.get(model) ?? noTrends(trend);
  }
  const [all = emptyGroup()] = await read(models.length > 1 ? [] : ["model"]);
  return { totals: totalsOf(all, dateRange), byModel, groups: await rowsOf(read, groupBy), trends };
}

type GroupReader = (dimensions: readonly Dimension[]) => Promise<Group[]>;

/** Reads the groups by the same dimensions once: their intervals take time. */
function groupReader(db: Database): GroupReader {
  const known = new Map<string, Promise<Group[]>>();
  return (dimensions) => {
    const key = dimensions.join();
    const groups = known.get(key) ?? readGroups(db, dimensions);
    known.set(key, groups);
    return groups;
  };
}

/** `by_aircraft` and `by_date` are in every summary. */
function sectionsOf(groupBy: readonly Dimension[]): Dimension[] {
  return [...new Set<Dimension>(["aircraft_id", "date", ...groupBy])].filter((name) => name !== "model");
}

async function addSection(read: GroupReader, byModel: Map<string, ModelSummary>, dimension: Dimension): Promise<void> {
  const dimensions: Dimension[] =
    dimension === "flight_id" ? ["model", "aircraft_id", "flight_id"] : ["model", dimension];
  const groups = collect(await read(dimensions), ({ keys }) => String(keys[0]));
  const name = `by_${dimension.replace(/_id$/, "")}`;
  for (const [model, summary] of byModel) {
    const section = sectionOf(groups.get(model) ?? [], dimension);
    Object.assign(summary, { [name]: section });
  }
}

function sectionOf(groups: Group[], dimension: Dimension): Section {
  const entries = (some: Group[], key: number) =>
    some.map((group) => [String(group.keys[key]), describeGroup(group)] as const);
  if (dimension !== "flight_id") return Object.fromEntries(entries(groups, 1));
  const byAircraft = collect(groups, ({ keys }) => String(keys[1]));
  return Object.fromEntries([...byAircraft].map(([id, own]) => [id, Object.fromEntries(entries(own, 2))]));
}

async function rowsOf(read: GroupReader, groupBy: readonly Dimension[]): Promise<GroupRow[]> {
  const dimensions: Dimension[] = groupBy.includes("model") ? [...groupBy] : ["model", ...groupBy];
  const groups = await read(dimensions);
  return groups.map((group) => {
    const keys = dimensions.map((name, i) => [name, group.keys[i]] as const).filter(([name]) => groupBy.includes(name));
    return { ...Object.fromEntries(keys), ...describeGroup(group) };
  });
}

function totalsOf(group: Group, dateRange: [string, string] | null): ModelSummary {
  const { flights, windows, anomaly_rate, anomalies, max_anomaly_score, first_anomaly, ...more } = describeGroup(group);
  return { total_windows: windows, total_flights: flights, date_range: dateRange, anomaly_rate, anomalies, ...more };
}

function describeGroup({
  flights,
  windows,
  anomalies,
  maxScore,
  maxSeverity,
  firstAnomaly,
  exposure,
  intervals,
}: Group): GroupSummary {
  const hours = exposure.seconds / 3600;
  const per100Hours = (rate: number) => rate * 360_000;
  return {
    flights,
    windows,
    anomalies,
    anomaly_rate: ratio(anomalies, exposure.windows),
    max_anomaly_score: maxScore,
    first_anomaly: firstAnomaly,
    max_anomaly_severity: maxSeverity,
    anomaly_rate_interval: intervals?.perWindow ?? null,
    scored_flights: exposure.flights,
    anomalies_per_flight: ratio(anomalies, exposure.flights),
    anomalies_per_flight_interval: intervals?.perFlight ?? null,
    scored_hours: hours,
    anomalies_per_100_hours: ratio(100 * anomalies, hours),
    anomalies_per_100_hours_interval:
      intervals?.perSecond == null ? null : [per100Hours(intervals.perSecond[0]), per100Hours(intervals.perSecond[1])],
  };
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
