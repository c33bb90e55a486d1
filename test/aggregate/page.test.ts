import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type AggregateSummary, aggregateResults } from "../../src/aggregate/aggregate.ts";
import type { AggregateOptions } from "../../src/aggregate/options.ts";
import type { BarChart, Chart, HeatMap, LineChart } from "../../src/page/chart.ts";
import { query } from "../support/read-parquet.ts";
import { scratch } from "../support/run.ts";
import { type ResultRow, writeResults } from "../support/write-results.ts";

interface Made {
  /** All of it, and what a reader without the script sees. */
  whole: string;
  html: string;
  summary: AggregateSummary;
  chart<T extends Chart>(id: string): T;
  bytes: number;
}

/** The page, and the summary of the same. */
async function make(input: string, more: Partial<AggregateOptions> = {}): Promise<Made> {
  const output = join(scratch(), "page.html");
  const { summary } = await aggregateResults({ input: [input], output, ...more });
  const whole = readFileSync(output, "utf8");
  const html = whole.slice(whole.indexOf("<body>"), whole.indexOf("<script"));
  const charts = JSON.parse(
    /<script type="application\/json" id="charts">(.*?)<\/script>/s.exec(whole)![1]!,
  ) as Chart[];
  const chart = <T extends Chart>(id: string) => charts.find((one) => one.id === id) as T;
  return { whole, html, summary, chart, bytes: statSync(output).size };
}

/** What the cells of a table sort by, row by row; those without are their text. */
function tableOf(html: string, id: string): string[][] {
  const table = html.slice(html.indexOf(`<table id="${id}"`)).split("</table>")[0]!;
  return table
    .split("<tr")
    .slice(2)
    .map((row) =>
      [...row.matchAll(/<t[dh][^>]*?(?: data-sort="([^"]*)")?>(.*?)<\/t[dh]>/gs)].map(
        ([, sort, text]) => sort ?? text!.replace(/<[^>]*>/g, ""),
      ),
    );
}

const DAYS = 7;
const FLEET: ResultRow[] = ["AC1", "AC2"].flatMap((aircraft, a) =>
  Array.from({ length: DAYS }, (_, d) =>
    Array.from({ length: 10 }, (_, k) => ({
      aircraft,
      flight: `F${d}`,
      at: `2025-10-0${d + 1}T10:00:${String(5 * k).padStart(2, "0")}`,
      severity: k < (a === 0 ? d : 1) ? 2 : 0,
      score: k,
    })),
  ).flat(),
);

describe("the page of a summary", () => {
  it("has the numbers of the JSON: heat map, trends, slopes and tables", async () => {
    const path = await writeResults(join(scratch(), "r.parquet"), FLEET);
    const { html, summary, chart } = await make(path, { groupBy: ["aircraft_id", "date"] });
    const map = chart<HeatMap>("heat-map");
    expect(map.rows).toEqual(["AC1", "AC2"]);
    expect(map.columns).toEqual(Object.keys(summary.by_date!));
    const shown = map.rows.flatMap((aircraft_id, r) =>
      map.columns.map((date, c) => ({ aircraft_id, date, anomaly_rate: map.cells[r]![c] })),
    );
    expect(summary.groups).toMatchObject(shown);
    const { fleet, by_aircraft } = summary.trend!;
    const lines = chart<LineChart>("fleet-trend");
    expect(lines.series[0]!.points.map(([, rate]) => rate)).toEqual(Object.values(fleet.rates));
    expect([lines.series[1]!.points[0]![1], lines.series[1]!.points.at(-1)![1]]).toEqual([
      expect.closeTo(Math.max(0, fleet.line![0]), 12),
      expect.closeTo(fleet.line![1], 12),
    ]);
    const slopes = chart<BarChart>("slopes");
    expect(slopes.series[0]!.values).toEqual(slopes.categories.map((id) => by_aircraft[id]!.slope));
    expect(slopes.series[0]!.intervals).toEqual(slopes.categories.map((id) => by_aircraft[id]!.slope_interval));
    const numbers = Object.entries(summary.by_aircraft!).map(([id, one]) =>
      [id, one.flights, one.windows, one.anomalies, one.anomaly_rate].map(String),
    );
    expect(tableOf(html, "by-aircraft").map((row) => row.slice(0, 5))).toEqual(numbers);
    expect(tableOf(html, "by-aircraft").map((row) => Number(row[11]))).toEqual([2, 2]);
    expect(html).toContain("28 of 140 scored windows are anomalous (20.0%");
    expect(html).toContain("The rate rises on 1 of 2 aircraft.");
  });

  it("says where nothing is known of what was recorded", async () => {
    const { html, summary } = await make(await writeResults(join(scratch(), "r.parquet"), FLEET));
    expect(summary.coverage).toBeNull();
    expect(html).toContain("How much was recorded is not known");
  });

  it("says that nothing was scored, instead of empty charts", async () => {
    const { html, chart } = await make(await writeResults(join(scratch(), "r.parquet"), []));
    expect(html).toContain("No window was scored: nothing was found, and nothing was looked at.");
    expect(chart("heat-map")).toBeUndefined();
    expect(html).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("shows each of several models by itself", async () => {
    const folder = scratch();
    await writeResults(join(folder, "a.parquet"), FLEET, "detector/1");
    await writeResults(join(folder, "b.parquet"), FLEET.slice(0, 70), "detector/2");
    const { chart, html } = await make(folder, { groupBy: ["model", "aircraft_id"] });
    expect(chart<HeatMap>("m1-heat-map").rows).toEqual(["AC1", "AC2"]);
    expect(chart<HeatMap>("m2-heat-map").rows).toEqual(["AC1"]);
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(ids.length).toBe(new Set(ids).size);
  });

  it("counts days, weeks or months, whichever fits, and says what it leaves out", async () => {
    const spread = (days: number) =>
      ["AC1", "AC2"].flatMap((aircraft) =>
        [0, days].map((day) => ({
          aircraft,
          at: `${new Date(day * 86_400_000).toISOString().slice(0, 19)}`,
          flight: `F${day}`,
        })),
      );
    const columns = async (days: number) => {
      const { chart } = await make(await writeResults(join(scratch(), "r.parquet"), spread(days)));
      const { columns: found, caption } = chart<HeatMap>("heat-map");
      return [found.length, found[0], found.at(-1), /Only the last/.test(caption)];
    };
    expect(await columns(69)).toEqual([70, "1970-01-01", "1970-03-11", false]);
    expect(await columns(400)).toEqual([58, "1970-W01", "1971-W05", false]);
    expect(await columns(1500)).toEqual([50, "1970-01", "1974-02", false]);
    expect(await columns(20_000)).toEqual([70, "2019-01", "2024-10", true]);
  });

  it("keeps foreign text text", async () => {
    const hostile = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"'=1+1\u001b[31m`;
    const rows = FLEET.map((row) => ({ ...row, aircraft: `${hostile}${row.aircraft}`, flight: hostile + row.flight }));
    const path = await writeResults(join(scratch(), "r.parquet"), rows, hostile);
    const { whole, chart } = await make(path, { groupBy: ["flight_id"] });
    expect(whole.match(/<script/g)).toHaveLength(2);
    expect(whole).not.toContain("<img");
    expect(whole).not.toContain("\u001b[31m");
    expect(chart<HeatMap>("heat-map").rows).toHaveLength(2);
  });

  it("stays below 5 MB for 500 aircraft over a year, and says what it leaves out", async () => {
    const path = join(scratch(), "fleet.parquet");
    await query(`COPY (SELECT 'AC' || lpad(a::VARCHAR, 4, '0') || '_' || d AS window_id, 'AC' || lpad(a::VARCHAR, 4, '0') AS aircraft_id,
        'FL' || d || '-' || a AS flight_id, (TIMESTAMP_NS '2025-01-01 06:00:00' + INTERVAL (d) DAY)::TIMESTAMP_NS AS timestamp, 1::FLOAT AS anomaly_score,
        (a * d) % 7 = 0 AS is_anomaly, ((a * d) % 7 = 0)::UTINYINT AS anomaly_severity, 0::FLOAT AS inference_latency_ms
      FROM range(500) x(a), range(0, 365, 28) y(d)) TO '${path}' (FORMAT parquet, KV_METADATA {'flightbatch.model': 'detector/1'})`);
    const { html, bytes, chart, summary } = await make(path, { groupBy: ["flight_id", "date", "week"] });
    expect(bytes).toBeLessThan(5e6);
    expect(Object.keys(summary.by_aircraft!)).toHaveLength(500);
    expect(chart<HeatMap>("heat-map").rows).toHaveLength(60);
    expect(chart<HeatMap>("heat-map").caption).toContain("The 60 with the most anomalies of 500 aircraft.");
    expect(html).toContain("The 500 with the most anomalies in their scored time, of 7000");
  }, 30_000);
});
