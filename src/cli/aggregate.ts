import { type AggregateResult, type AggregateSummary, aggregateResults } from "../aggregate/aggregate.ts";
import type { TrendPeriod } from "../aggregate/options.ts";
import { periodNumber } from "../aggregate/periods.ts";
import type { ModelSummary } from "../aggregate/summary.ts";
import type { RateTrend, Trends } from "../aggregate/trend.ts";
import { printable } from "../model/printable.ts";
import { type AircraftLine, fleetLines, MOST_AIRCRAFT, worstLines } from "./fleet-text.ts";
import type { Terminal } from "./output.ts";
import { showsBlocks, type Tallies } from "./sparkline.ts";
import { counted, percent } from "./words.ts";

/** The flags of `flightbatch aggregate`, as the command line gives them. */
export interface AggregateFlags {
  input: string[];
  output: string;
  groupBy?: string[];
  trend?: TrendPeriod;
  filter?: string;
  quiet?: boolean;
}

/** Aircraft that are named one by one. */
const MOST_NAMED = 10;

/** Sums up results. Exit code 0, or 130 if interrupted. @throws Fault for what cannot be begun, read or meant */
export async function aggregateCommand(flags: AggregateFlags, terminal: Terminal): Promise<number> {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once("SIGINT", interrupt);
  try {
    const { input, output, groupBy, trend, filter } = flags;
    const options = {
      input,
      output,
      ...(groupBy && { groupBy }),
      ...(trend && { trend }),
      ...(filter !== undefined && { filter }),
    };
    const result = await aggregateResults(options, stop.signal);
    for (const warning of result.warnings) terminal.err.write(`Warning: ${printable(warning, 500)}\n`);
    if (flags.quiet !== true) terminal.out.write(describeAggregate(result, showsBlocks(terminal.out)));
    return 0;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    terminal.err.write("Interrupted: no summary was written.\n");
    return 130;
  } finally {
    process.off("SIGINT", interrupt);
  }
}

/** The totals in brief; by aircraft the worst ones, with a trend also that of the fleet and those whose rate rises; and where the summary is. */
export function describeAggregate({ output, summary }: AggregateResult, blocks: boolean): string {
  const { total_windows, total_flights, anomalies, date_range } = summary;
  const lines = [
    `Total windows: ${total_windows.toLocaleString("en-US")} in ${counted(total_flights, "flight")}`,
    `Anomalies: ${anomalies.toLocaleString("en-US")} (${percent(anomalies, total_windows)}${describeInterval(summary)})`,
    `Days: ${date_range === null ? "none, nothing was scored" : `${date_range[0]} to ${date_range[1]}`}`,
    ...describeTrends(summary, blocks),
    `Summary: ${printable(output, 1000)}`,
  ];
  return `${lines.join("\n")}\n`;
}

function describeInterval({ anomaly_rate_interval }: AggregateSummary): string {
  if (anomaly_rate_interval == null) return "";
  const [low, high] = anomaly_rate_interval.map((rate) => (100 * rate).toFixed(1));
  return `, 95% interval ${low}% to ${high}%`;
}

function describeTrends(summary: AggregateSummary, blocks: boolean): string[] {
  const models = Object.entries(summary.by_model ?? { "": summary });
  return models.flatMap(([model, own]) => {
    const { trend } = own;
    const head = models.length > 1 ? [`Model ${printable(model)}`] : [];
    if (trend === undefined) {
      const worst = summary.group_by.includes("aircraft_id") ? describeWorst(own) : [];
      return worst.length === 0 ? [] : [...head, ...worst];
    }
    const rising = Object.entries(trend.by_aircraft).filter(([, { rises }]) => rises === true);
    const steepest = rising.sort(([, a], [, b]) => b.slope! - a.slope!);
    const more = steepest.length > MOST_NAMED ? [`  and ${steepest.length - MOST_NAMED} more`] : [];
    return [
      ...head,
      ...describeFleet(own, trend, blocks),
      ...describeRising(rising.length, Object.values(trend.by_aircraft), trend.period),
      ...steepest
        .slice(0, MOST_NAMED)
        .map(([id, one]) => `  ${printable(id)}: ${describeSlope(one)} per ${trend.period}`),
      ...more,
    ];
  });
}

/** How many rise of those that have enough periods to tell: what cannot be told is not said to be steady. */
function describeRising(rising: number, trends: readonly RateTrend[], period: string): string[] {
  const told = trends.filter(({ rises }) => rises !== null).length;
  const untold = trends.length - told;
  const few = `fewer than five ${period}s with a scored window`;
  return [
    ...(told > 0 ? [`Anomaly rate rises on ${rising} of ${told} aircraft`] : []),
    ...(untold > 0
      ? [told > 0 ? `Not known on ${untold} aircraft: ${few}` : `Not known whether the anomaly rate rises: ${few}`]
      : []),
  ];
}

/** The trend of the fleet, and its worst aircraft; nothing where there is no anomaly. */
function describeFleet(
  summary: ModelSummary,
  { period, fleet, by_aircraft: trends }: Trends,
  blocks: boolean,
): string[] {
  const tallies = ({ rates }: RateTrend): Tallies =>
    new Map(Object.entries(rates).map(([name, rate]) => [periodNumber(period, name), { windows: 1, anomalies: rate }]));
  const { worst, count } = worstOf(summary);
  if (count === 0) return [];
  const rows = worst.map((one): AircraftLine => ({ ...one, trend: tallies(trends[one.aircraftId]!) }));
  const names = Object.keys(fleet.rates);
  const [first, last] = [names[0]!, names[names.length - 1]!];
  return fleetLines(rows, { count, period, fleet: tallies(fleet), first, last, blocks });
}

function describeWorst(summary: ModelSummary): string[] {
  const { worst, count } = worstOf(summary);
  return count === 0 ? [] : worstLines(worst, count);
}

/** Aircraft by anomalies in their scored time, and how many have any. */
function worstOf({ by_aircraft = {} }: ModelSummary): { worst: Omit<AircraftLine, "trend">[]; count: number } {
  const anomalous = Object.entries(by_aircraft).filter(([, { anomalies }]) => anomalies > 0);
  anomalous.sort(
    ([, a], [, b]) => b.anomalies_per_100_hours! - a.anomalies_per_100_hours! || b.anomalies - a.anomalies,
  );
  const worst = anomalous.slice(0, MOST_AIRCRAFT).map(([aircraftId, one]) => ({
    aircraftId,
    flights: one.flights,
    scoredHours: one.scored_hours,
    anomaliesPer100Hours: one.anomalies_per_100_hours,
    worstSeverity: one.max_anomaly_severity,
  }));
  return { worst, count: anomalous.length };
}

function describeSlope({ slope, slope_interval, n }: RateTrend): string {
  const points = (rate: number) => `${rate < 0 ? "" : "+"}${(100 * rate).toFixed(2)}`;
  return `${points(slope!)} percentage points (${slope_interval!.map(points).join(" to ")}, n = ${n})`;
}
