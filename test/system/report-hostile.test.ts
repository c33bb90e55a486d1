import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { allFindings, chartData, drawCharts, type Look, openPage, overflowOf } from "../support/browser.ts";
import { detector, run, scratch } from "../support/run.ts";

const DESK: Look = { width: 1440, colours: "light" };
const PHONE: Look = { width: 390, colours: "light" };

/** Sets `hacked` wherever a browser would take it for more than text. */
const HOSTILE = [
  `<img src=x onerror="hacked='img'">`,
  `</script><script>hacked='script'</script>`,
  `<!--<script>`,
  `"onmouseover="hacked='attribute'`,
  `javascript:hacked='link'`,
  `{{hacked='template'}}\u2028\u202egnp.exe`,
].join(" ");

let page: string;

beforeAll(async () => {
  const folder = scratch();
  const bundle = join(folder, "detector", "<b>1.0.0");
  cpSync(detector("1.0.0"), bundle, { recursive: true });
  const thresholds = readFileSync(join(bundle, "thresholds.yaml"), "utf8");
  const words = thresholds.replace(/interpretation: .*/g, `interpretation: ${JSON.stringify(HOSTILE)}`);
  expect(words).not.toBe(thresholds);
  writeFileSync(join(bundle, "thresholds.yaml"), words);
  const size = ["--aircraft", "3", "--days", "3", "--minutes", "6"];
  await run(["make-fleet", "--output", join(folder, "<i>fleet"), ...size], { cwd: folder });
  const data = join(folder, "<i>fleet/raw");
  for (const name of readdirSync(data, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".meta.json")) continue;
    const meta = JSON.parse(readFileSync(join(data, name), "utf8")) as Record<string, string>;
    const named = { ...meta, aircraft_id: `${meta.aircraft_id} ${HOSTILE}`, flight_id: `${meta.flight_id} ${HOSTILE}` };
    writeFileSync(join(data, name), JSON.stringify(named));
  }
  writeFileSync(join(data, "</script><script>hacked='file'<.parquet".replaceAll("/", "\u2215")), "no Parquet");
  page = join(folder, "report.html");
  const scoring = ["--model", bundle, "--data", data, "--output", join(folder, "results.parquet")];
  const { code, stderr } = await run(["run", ...scoring, "--report", page], { cwd: folder });
  expect(code, stderr).toBe(1);
});

it("keeps the texts of data, bundles and files texts", async () => {
  const { page: opened, problems } = await openPage(page, DESK);
  await drawCharts(opened);
  expect(await opened.evaluate("typeof hacked")).toBe("undefined");
  expect(await opened.locator("img, iframe, object, a[href^='javascript']").count()).toBe(0);
  expect(await opened.locator("script").count()).toBe(2);
  expect(await opened.locator("#events tbody tr").first().textContent()).toContain(
    `<img src=x onerror="hacked='img'">`,
  );
  expect(problems).toEqual([]);
});

it("keeps them texts where the pointer is, and in what is said", async () => {
  const { page: opened, problems } = await openPage(page, DESK);
  await drawCharts(opened);
  for (const id of ["fleet", "trends"]) {
    const place = opened.locator(`[data-chart=${id}]`);
    await place.scrollIntoViewIfNeeded();
    await place.hover();
    await place.focus();
    for (let i = 0; i < 3; i++) await opened.keyboard.press("ArrowRight");
    expect(await opened.locator(`#${id} [role=status]`).textContent()).toContain("<img src=x");
    await opened.locator(`#${id} .tip`, { hasText: "<img src=x" }).waitFor();
  }
  expect(await opened.evaluate("typeof hacked")).toBe("undefined");
  expect(await opened.locator("img").count()).toBe(0);
  expect(problems).toEqual([]);
});

it("still has its charts, its width and no barrier", async () => {
  const { page: opened } = await openPage(page, PHONE);
  await drawCharts(opened);
  // Three aircraft on three days; the file that nothing is known of has a row and a column of its own.
  expect((await chartData(opened, "fleet"))[0]).toHaveLength(16);
  expect(await overflowOf(opened)).toBe(0);
  expect(await allFindings(opened)).toEqual([]);
});
