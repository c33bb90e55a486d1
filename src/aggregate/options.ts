import { Fault } from "../faults/fault.ts";
import type { Filter } from "../filter/filter.ts";
import { parseFilter } from "../filter/parse-filter.ts";

/** What results can be grouped by. */
export const DIMENSIONS = [
  "aircraft_id",
  "flight_id",
  "date",
  "week",
  "month",
  "flight_phase",
  "severity",
  "model",
] as const;

/** One of {@link DIMENSIONS}. */
export type Dimension = (typeof DIMENSIONS)[number];

/** Periods that a trend can count in. */
export const TREND_PERIODS = ["day", "week", "month"] as const;

/** One of {@link TREND_PERIODS}. */
export type TrendPeriod = (typeof TREND_PERIODS)[number];

/** Forms of a summary, by the ending of its name. */
export type SummaryFormat = "json" | "csv" | "parquet" | "html";

/** What to aggregate. */
export interface AggregateOptions {
  /** Files of results, folders or globs of them. */
  input: readonly string[];
  /** Where the summary goes: `.json`, `.csv`, `.parquet`, or `.html` for a page to look at. */
  output: string;
  /** Names of {@link DIMENSIONS}, also several in one text with commas or blanks between; by default `aircraft_id`. */
  groupBy?: readonly string[];
  /** How the rate goes with time; of a page by day unless said otherwise. */
  trend?: TrendPeriod;
  /** Only rows that match, as `--filter` of a run has it, but for the flight phase. */
  filter?: string;
}

/** The same, looked through. */
export interface SettledAggregate {
  input: readonly string[];
  output: string;
  format: SummaryFormat;
  /** As asked, `aircraft_id` before `flight_id`: a flight's id is only its own together with its aircraft's. */
  groupBy: Dimension[];
  trend: TrendPeriod | null;
  filter: Filter | null;
}

/** Looks through what was asked. @throws Fault `USAGE` for what cannot be meant */
export function settleAggregate({ input, output, groupBy = [], trend, filter }: AggregateOptions): SettledAggregate {
  const format = summaryFormat(output);
  const dimensions = parseGroupBy(groupBy);
  if (trend !== undefined && (format === "csv" || format === "parquet") && !dimensions.includes("aircraft_id")) {
    throw usage("--trend", {
      found: `a table by ${dimensions.join(", ")}`,
      expected: "aircraft_id among --group-by, as a trend is an aircraft's",
      hint: "Add aircraft_id, or write .json or .html.",
    });
  }
  return {
    ...{ input, output, format, groupBy: dimensions, trend: trend ?? (format === "html" ? "day" : null) },
    filter: filter === undefined ? null : parseFilter(filter),
  };
}

/** The dimensions named, each once, in the order of their coming. @throws Fault `USAGE` for a name that there is not */
export function parseGroupBy(texts: readonly string[]): Dimension[] {
  const names = texts.flatMap((text) => text.split(/[\s,]+/)).filter((name) => name !== "");
  const unknown = names.filter((name) => !isDimension(name));
  if (unknown.length > 0) {
    throw usage("--group-by", {
      found: unknown.join(", "),
      expected: `any of ${DIMENSIONS.join(", ")}`,
      hint: "Several may be named, with blanks or commas between.",
    });
  }
  const asked = names.length === 0 ? ["aircraft_id"] : names;
  const whole = asked.flatMap((name) => (name === "flight_id" ? ["aircraft_id", name] : [name]));
  return [...new Set(whole)].filter(isDimension);
}

function isDimension(name: string): name is Dimension {
  return (DIMENSIONS as readonly string[]).includes(name);
}

function summaryFormat(output: string): SummaryFormat {
  const ending = /[^/]\.(json|csv|parquet|html)$/i.exec(output)?.[1]?.toLowerCase();
  if (ending !== undefined) return ending as SummaryFormat;
  throw usage(`--output ${output}`, {
    found: "a name with another ending",
    expected: "a file name that ends in .json, .csv, .parquet or .html",
    hint: "Name the summary so; its ending says what is written.",
  });
}

/** A fault of what was asked. */
export function usage(path: string, words: { found: string; expected: string; hint: string }): Fault {
  return new Fault({ code: "USAGE", path, ...words });
}
