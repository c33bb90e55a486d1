import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { chartData, drawCharts, type Look, openPage, overflowOf } from "../support/browser.ts";
import { writeLargeResults } from "../support/large-results.ts";
import { run, scratch } from "../support/run.ts";

const DESK: Look = { width: 1440, colours: "light" };
const PHONE: Look = { width: 390, colours: "light" };

const MOST_BYTES = 5_000_000;

it("makes a page of 500 flights in seconds, below 5 MB, that works", async () => {
  const folder = scratch();
  const results = await writeLargeResults(folder, { aircraft: 50, days: 10, windows: 1000 });
  const path = join(folder, "report.html");
  const begun = performance.now();
  const { code, stdout, stderr } = await run(["report", results, "--output", path], { cwd: folder });
  console.log(
    `500 flights, 500,000 windows: ${Math.round(performance.now() - begun)} ms, ${statSync(path).size} bytes`,
  );
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^Report: .*report\.html \([\d.]+ [kM]B\)\n$/);
  expect(statSync(path).size).toBeLessThan(MOST_BYTES);
  const { page, problems } = await openPage(path, PHONE);
  await drawCharts(page);
  const [cells] = (await chartData(page, "fleet")) as [number, number, number | null][][];
  expect(cells).toHaveLength(50 * 10);
  expect(cells!.filter(([, , rate]) => rate === null)).toHaveLength(10);
  expect(await overflowOf(page)).toBe(0);
  expect(problems).toEqual([]);
});

it("is bounded for a fleet that is larger than any page, and says what it leaves out", async () => {
  const folder = scratch();
  const results = await writeLargeResults(folder, { aircraft: 600, days: 70, windows: 4 });
  const path = join(folder, "report.html");
  const { code, stderr } = await run(["report", results, "--output", path], { cwd: folder });
  expect(code, stderr).toBe(0);
  expect(statSync(path).size).toBeLessThan(MOST_BYTES);
  const { page, problems } = await openPage(path, DESK);
  await drawCharts(page);
  expect(await page.locator("#fleet figcaption").textContent()).toContain("540 more aircraft are not drawn");
  expect(await page.locator("#found .more").first().textContent()).toContain("400 more aircraft");
  expect(await page.locator("#coverage .more").textContent()).toContain("790 more are in failures.jsonl");
  expect(await chartData(page, "fleet")).toHaveLength(1);
  expect(problems).toEqual([]);
});
