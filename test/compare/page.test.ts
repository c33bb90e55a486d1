import { describe, expect, it } from "vitest";
import { compareResults } from "../../src/compare/compare-results.ts";
import type { Comparison } from "../../src/compare/comparison.ts";
import { comparePage } from "../../src/compare/page/compare-page.ts";
import { comparisonAsPage } from "../../src/compare/page/render-comparison.ts";
import { binEdges } from "../../src/compare/score-distribution.ts";
import type { BarChart, Chart } from "../../src/page/chart.ts";
import type { Block, Page, Table } from "../../src/page/page.ts";
import { chartsOf } from "../../src/page/render-page.ts";
import { scratch } from "../support/run.ts";
import { type ResultRow, writeCsv } from "./write-results.ts";

/** Windows of three aircraft in two phases; `raised` of A's normal ones are anomalous in B. */
function rows(isB: boolean): ResultRow[] {
  return ["AC1", "AC2", "AC3"].flatMap((aircraft, a) =>
    Array.from({ length: 20 }, (_, k): ResultRow => {
      const score = isB && k < a ? 4 + k : 0.5 + ((k * 7) % 11) / 4;
      const common = { aircraft, flight: "F1", window: `${aircraft}_${k}`, second: 5 * k, score };
      return { ...common, severity: score >= 3 ? 1 : 0, phase: k < 10 ? "climb" : "cruise", threshold: 3 };
    }),
  );
}

async function compare(a: ResultRow[], b: ResultRow[]): Promise<Comparison> {
  const folder = scratch();
  return compareResults({ a: writeCsv(folder, "a.csv", a), b: writeCsv(folder, "b.csv", b) });
}

function tableOf(page: Page, id: string): Table {
  const tables = (blocks: readonly Block[]): Table[] =>
    blocks.flatMap((block) => (block.kind === "table" ? [block.table] : []));
  return page.parts.flatMap(({ blocks }) => tables(blocks)).find((table) => table.id === id)!;
}

function chartOf(page: Page, id: string): BarChart {
  const all: Chart[] = page.parts.flatMap(({ blocks }) => chartsOf(blocks));
  return all.find((chart) => chart.id === id) as BarChart;
}

const numberIn = (cell: unknown) =>
  typeof cell === "object" && cell !== null ? (cell as { sort: number }).sort : cell;

describe("the page of a comparison", () => {
  it("has the numbers of the JSON", async () => {
    const comparison = await compare(rows(false), rows(true));
    const { overall, by_aircraft, by_phase, score_distribution, top_windows, top_flights } = comparison;
    const page = comparePage(comparison);
    expect(tableOf(page, "agreement").rows.map(({ cells }) => cells.slice(1).map(numberIn))).toEqual(overall.agreement);
    const flips = chartOf(page, "flips-aircraft");
    expect(flips.categories).toEqual(["AC3", "AC2", "AC1"]);
    expect(flips.series.map(({ values }) => values)).toEqual(
      (["normal_to_anomaly", "anomaly_to_normal"] as const).map((way) =>
        flips.categories.map((id) => by_aircraft[id]![way]),
      ),
    );
    const events = chartOf(page, "events-phase");
    expect(events.series.map(({ values }) => values)).toEqual(
      (["a", "b"] as const).map((side) =>
        events.categories.map((phase) => by_phase![phase]!.workload[side].events_per_100_hours),
      ),
    );
    const scores = chartOf(page, "score-distribution");
    expect(scores.series.map(({ values }) => values)).toEqual([score_distribution.a, score_distribution.b]);
    expect(scores.categories).toHaveLength(score_distribution.edges.length + 1);
    expect(tableOf(page, "scores-aircraft").rows.map(({ cells }) => cells[8])).toEqual(
      Object.values(by_aircraft).map(({ difference }) => difference.largest_absolute),
    );
    expect(tableOf(page, "windows").rows.map(({ cells }) => [cells[0], cells[5], cells[6]])).toEqual(
      top_windows.map(({ window_id, a, b }) => [window_id, a.anomaly_score, b.anomaly_score]),
    );
    expect(tableOf(page, "flights").rows).toHaveLength(top_flights.length);
    expect(page.headline).toEqual({
      text: "3 of 60 decisions flipped (5.0%): 3 to anomaly, 0 to normal. 3 scores differ.",
      tone: "bad",
    });
  });

  it("says that both are equal", async () => {
    const page = comparePage(await compare(rows(false), rows(false)));
    expect(page.headline.tone).toBe("good");
    expect(JSON.stringify(page)).toContain("No decision flipped.");
  });

  it("says what only one has, and why nothing is attributed", async () => {
    const page = comparePage(await compare([...rows(false), { window: "w", score: 1, aircraft: "GONE" }], rows(true)));
    expect(tableOf(page, "only-in-a-aircraft").rows).toEqual([{ cells: ["GONE", 1] }]);
    expect(JSON.stringify(page)).toMatch(/Not attributed: /);
  });

  it("has no empty chart and no number that is none where a file is empty", async () => {
    const comparison = await compare([], rows(true));
    expect(comparison.score_distribution).toEqual({ edges: [], a: [0], b: [0] });
    const page = comparePage(comparison);
    expect(page.headline.tone).toBe("neutral");
    expect(chartOf(page, "score-distribution")).toBeUndefined();
    expect(JSON.stringify(page)).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("keeps foreign text text, with ids once each", async () => {
    const hostile = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"\u001b[31m`;
    const foreign = (isB: boolean) =>
      rows(isB).map((row) => ({
        ...row,
        aircraft: hostile + row.aircraft,
        flight: hostile,
        window: hostile + row.window,
      }));
    const html = comparisonAsPage(await compare([...foreign(false), { window: hostile, score: 1 }], foreign(true)));
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html).not.toContain("<img");
    expect(html).not.toContain("\u001b[31m");
    const body = html.slice(html.indexOf("<body>"), html.lastIndexOf("<script>"));
    const ids = [...body.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(ids.length).toBe(new Set(ids).size);
  });

  it("stays below 5 MB for 2,000 aircraft that all differ", async () => {
    const fleet = (isB: boolean) =>
      Array.from({ length: 2000 }, (_, k): ResultRow => {
        const common = { aircraft: `AC${k}`, flight: `F${k}`, window: `w${k}`, phase: "cruise", threshold: 3 };
        return { ...common, score: isB ? 5 : 1, severity: isB ? 2 : 0 };
      });
    const html = comparisonAsPage(await compare(fleet(false), fleet(true)));
    expect(html.length).toBeLessThan(5e6);
    expect(html).toContain("The 500 with the most flips of 2000; all are in the JSON.");
  });
});

describe("the bins of scores", () => {
  it("count every window of both once, at edges that one can read", async () => {
    const scores = [0, -1, 0.012, 0.3, 0.2999, 7, 7.5, 123];
    const of = (factor: number) => scores.map((score, i): ResultRow => ({ window: `w${i}`, score: score * factor }));
    const { edges, a, b } = (await compare(of(1), of(2))).score_distribution;
    expect(edges.slice(0, 3)).toEqual([0.01, 0.015, 0.02]);
    expect(edges.at(-1)).toBe(200);
    const binned = (values: number[]) => {
      const counts = new Array<number>(edges.length + 1).fill(0);
      for (const value of values) counts[edges.filter((edge) => Math.fround(value) >= edge).length]!++;
      return counts;
    };
    expect(a).toEqual(binned(scores));
    expect(b).toEqual(binned(scores.map((score) => 2 * score)));
  });

  it("are few, whatever the scores", () => {
    expect(binEdges(1e-30, 1e30, 1e-30).length).toBeLessThanOrEqual(36);
    expect(binEdges(-5, -1, Number.NaN)).toHaveLength(19);
    expect(binEdges(0, 0, Number.NaN)).toEqual([]);
    expect(binEdges(2, 2, 2)).toEqual([2]);
  });
});
