import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { AggregateSummary } from "../../src/aggregate/aggregate.ts";
import type { Comparison } from "../../src/compare/comparison.ts";
import { formatNumber } from "../../src/page/number-format.ts";
import { drawCharts, type Look, openPage, overflowOf, seriousFindings, tableTexts } from "../support/browser.ts";
import { detector, fixture, run, scratch } from "../support/run.ts";

const LOOKS: Look[] = [
  { width: 1440, colours: "light" },
  { width: 390, colours: "dark" },
];
const PERCENT = { style: "percent" } as const;

let folder = "";
const file = (name: string) => join(folder, name);
const readJson = <T>(name: string) => JSON.parse(readFileSync(file(name), "utf8")) as T;

beforeAll(async () => {
  folder = scratch();
  for (const version of ["1.0.0", "1.1.0"]) {
    const args = ["run", "--model", detector(version), "--data", fixture("data/raw"), fixture("data/interim")];
    const { code, stderr } = await run([...args, "--output", `${version}.parquet`, "--quiet"], { cwd: folder });
    expect(code, stderr).toBe(0);
  }
  const groups = ["--group-by", "aircraft_id,flight_id,date,flight_phase,severity", "--trend", "day"];
  for (const output of ["fleet.html", "fleet.json"])
    await run(["aggregate", "--input", "1.0.0.parquet", "--output", output, ...groups], { cwd: folder });
  for (const output of ["both.html", "both.json"])
    await run(["compare", "1.0.0.parquet", "1.1.0.parquet", "--output", output], { cwd: folder });
}, 120_000);

describe.each(["fleet.html", "both.html"])("%s in a browser", (name) => {
  it.each(LOOKS)("is whole, asks nobody, fits, and can be used by everybody: $width px, $colours", async (look) => {
    const { page, problems } = await openPage(file(name), look);
    expect(await drawCharts(page)).toEqual([]);
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
    expect(await seriousFindings(page)).toEqual([]);
    expect(problems).toEqual([]);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("h2").allTextContents()).not.toHaveLength(0);
    await page.close();
  });

  it("sorts a table by its head, and filters it", async () => {
    const { page } = await openPage(file(name), LOOKS[0]!);
    const table = name === "fleet.html" ? "by-flight" : "windows";
    const head = page.locator(`#${table} thead th`).first().locator("button");
    await head.click();
    const ascending = (await tableTexts(page, table)).map(([first]) => first!);
    await head.click();
    const descending = (await tableTexts(page, table)).map(([first]) => first!);
    expect(descending).toEqual([...descending].sort().reverse());
    expect(ascending).toEqual([...ascending].sort());
    await page.locator(`#${table}-filter`).fill("no such thing");
    expect(await page.locator(`#${table} tbody tr:visible`).count()).toBe(0);
    await page.close();
  });
});

it("shows in the page of a fleet the numbers of its JSON", async () => {
  const { page } = await openPage(file("fleet.html"), LOOKS[0]!);
  const summary = readJson<AggregateSummary>("fleet.json");
  const aircraft = await tableTexts(page, "by-aircraft");
  expect(aircraft.map((row) => row.slice(0, 5))).toEqual(
    Object.entries(summary.by_aircraft!).map(([id, one]) => [
      id,
      ...[one.flights, one.windows, one.anomalies].map((n) => n.toLocaleString("en-US")),
      formatNumber(one.anomaly_rate, PERCENT),
    ]),
  );
  const trend = await tableTexts(page, "fleet-trend-numbers");
  expect(trend.map(([day, rate]) => [day, rate])).toEqual(
    Object.entries(summary.trend!.fleet.rates).map(([day, rate]) => [day, formatNumber(rate, PERCENT)]),
  );
  const recorded = await page.locator(".tile", { hasText: "Recorded" }).locator("strong").first().textContent();
  expect(Number.parseFloat(recorded!)).toBeCloseTo(summary.coverage!.recorded_seconds / 60, 1);
  await page.close();
});

it("shows in the page of a comparison the numbers of its JSON", async () => {
  const { page } = await openPage(file("both.html"), LOOKS[0]!);
  const { overall, attribution, top_windows } = readJson<Comparison>("both.json");
  const agreement = await tableTexts(page, "agreement");
  expect(agreement.map((row) => row.slice(1).map((text) => Number(text.replaceAll(",", ""))))).toEqual(
    overall.agreement,
  );
  const parts = await tableTexts(page, "parts");
  expect(parts.map(([part, , share]) => [part, share])).toEqual(
    Object.entries(attribution!.totals).map(([part, { share }]) => [part, formatNumber(share, PERCENT)]),
  );
  expect((await tableTexts(page, "windows")).map(([id]) => id)).toEqual(top_windows.map(({ window_id }) => window_id));
  await page.close();
});
