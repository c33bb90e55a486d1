import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { allFindings, chartData, drawCharts, type Look, openPage, overflowOf } from "../support/browser.ts";
import { query } from "../support/read-parquet.ts";
import { type ReportedFleet, reportFleet } from "../support/report-fleet.ts";
import { scratch } from "../support/run.ts";

const DESK: Look = { width: 1440, colours: "light" };

let fleet: ReportedFleet;

beforeAll(async () => {
  fleet = await reportFleet(scratch(), { minutes: 6 });
});

const LOOKS = ([390, 1440] as const).flatMap((width) =>
  (["light", "dark"] as const).map((colours) => ({ width, colours })),
);

describe.each(LOOKS)("at $width pixels, $colours", (look) => {
  it("asks nobody for anything, complains of nothing, fits, and has no barrier", async () => {
    const { page, problems } = await openPage(fleet.page, look);
    expect(await drawCharts(page)).toEqual([]);
    expect(await overflowOf(page)).toBe(0);
    // Each colour once: on such a page axe takes its time.
    if ((look.width === 390) === (look.colours === "dark")) expect(await allFindings(page)).toEqual([]);
    expect(problems).toEqual([]);
  });
});

describe("what the page shows", () => {
  it("is what the run's summary and aggregate say: heat map, trends, tiles", async () => {
    const { page } = await openPage(fleet.page, DESK);
    await drawCharts(page);
    const { by_aircraft = {}, trend } = fleet.aggregate;
    const days = Object.keys(fleet.summary.by_date);
    const worstFirst = Object.keys(by_aircraft).sort(
      (a, b) => by_aircraft[b]!.anomaly_rate! - by_aircraft[a]!.anomaly_rate!,
    );
    const cells = (await chartData(page, "fleet"))[0] as [number, number, number][];
    const rates =
      await query(`SELECT aircraft_id, strftime(timestamp, '%Y-%m-%d') AS day, avg(is_anomaly::INTEGER) AS rate
      FROM '${fleet.results}' GROUP BY ALL`);
    expect(cells).toHaveLength(worstFirst.length * days.length);
    for (const { aircraft_id, day, rate } of rates) {
      const found = cells.find(([x, y]) => days[x] === day && worstFirst[y] === aircraft_id);
      expect(found?.[2], `${aircraft_id} ${day}`).toBeCloseTo(Number(rate), 12);
    }
    const [first] = (await chartData(page, "trends")) as [number, number][][];
    expect(first).toEqual(
      Object.entries(trend!.by_aircraft[worstFirst[0]!]!.rates).map(([day, rate]) => [Date.parse(day), rate]),
    );
    const tiles = await page.locator("#coverage .tile").allTextContents();
    const { files, coverage } = fleet.summary;
    expect(tiles[0]).toContain(`Files ${files.total}`);
    expect(tiles[1]).toContain(`${files.failed}nothing is known of them`.replace("nothing", " nothing"));
    expect(tiles[2]).toContain(`Flights ${fleet.summary.total_flights}`);
    expect(tiles[5]).toContain(`${coverage.recorded_seconds - coverage.scored_seconds} s`);
  });

  it("has the scores of the flight in depth, broken where a window is missing", async () => {
    const { page } = await openPage(fleet.page, DESK);
    await drawCharts(page);
    const id = await page.locator(".choice > .group:visible").getAttribute("id");
    const flight = (await page.locator(`#${id} h3`).textContent())!.split(", flight ")[1]!;
    const [scores] = (await chartData(page, `${id}-score`)) as [number, number | null][][];
    const rows = await query(`SELECT epoch_ms(timestamp)::DOUBLE AS at, anomaly_score AS score FROM '${fleet.results}'
      WHERE flight_id = '${flight}' ORDER BY timestamp`);
    expect(scores!.filter(([, score]) => score !== null)).toEqual(rows.map(({ at, score }) => [at, score]));
    const gaps = rows.filter(({ at }, i) => i > 0 && Number(at) - Number(rows[i - 1]!.at) > 7500).length;
    expect(scores!.filter(([, score]) => score === null)).toHaveLength(gaps);
  });

  it("never shows what was not examined as a rate: the day of failed files only is hatched", async () => {
    const { page } = await openPage(fleet.page, DESK);
    await expect(page.locator("#fleet .legend").textContent()).resolves.toMatch(/speaks for a part/);
    await expect(page.locator("#failures tbody tr").count()).resolves.toBe(3);
  });
});

describe("working with it", () => {
  it("sorts by keyboard, says so, and filters", async () => {
    const { page } = await openPage(fleet.page, DESK);
    const head = page.locator("#aircraft th", { hasText: "Events" });
    await head.locator("button").focus();
    await page.keyboard.press("Enter");
    expect(await head.getAttribute("aria-sort")).toBe("descending");
    const events = async () =>
      (await page.locator("#aircraft tbody tr").all()).map(async (row) =>
        Number(await row.locator("td").nth(4).textContent()),
      );
    const down = await Promise.all(await events());
    expect(down).toEqual([...down].sort((a, b) => b - a));
    await page.keyboard.press("Space");
    expect(await head.getAttribute("aria-sort")).toBe("ascending");
    expect(await Promise.all(await events())).toEqual([...down].reverse().sort((a, b) => a - b));
    const filter = page.locator("#events-filter");
    await filter.fill("AC003");
    const shown = await page.locator("#events tbody tr:visible th").allTextContents();
    expect(new Set(shown)).toEqual(new Set(["AC003"]));
  });

  it("opens a link to an event at its row, and its flight in depth", async () => {
    const first = await openPage(fleet.page, DESK);
    const rows = first.page.locator("#events tbody tr");
    const last = rows.filter({ has: first.page.locator("td a[href^='#flight-']") }).last();
    const [id, flight] = [await last.getAttribute("id"), await last.locator("td").first().textContent()];
    const { page, problems } = await openPage(fleet.page, { ...DESK, hash: `#${id}` });
    expect(await page.locator("tr.chosen").getAttribute("id")).toBe(id);
    await expect
      .poll(() => page.locator(`#${id}`).evaluate((row) => row.getBoundingClientRect().top))
      .toBeLessThan(900);
    expect(await page.locator(".choice > .group:visible h3").textContent()).toContain(flight);
    expect(problems).toEqual([]);
  });

  it("says where a link leads nowhere", async () => {
    const { page } = await openPage(fleet.page, { ...DESK, hash: "#event-0000000000000000" });
    expect(await page.locator("[role=status]", { hasText: "event-0000000000000000" }).count()).toBe(1);
  });

  it("reads a chart by arrow keys", async () => {
    const { page } = await openPage(fleet.page, DESK);
    await page.locator("[data-chart=fleet]").focus();
    await page.keyboard.press("ArrowRight");
    const voice = page.locator("#fleet [role=status]");
    expect(await voice.textContent()).toMatch(/^AC\d+, 2025-10-06; Anomalous: [\d.]+%/);
  });

  it("goes from light to dark and back by its button, and follows the system", async () => {
    const { page } = await openPage(fleet.page, DESK);
    await drawCharts(page);
    const background = () => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    const ink = () => page.locator("#fleet svg text").first().getAttribute("fill");
    const [light, lightInk] = [await background(), await ink()];
    await page.getByRole("button", { name: "Dark colours" }).click();
    expect(await background()).not.toBe(light);
    await expect.poll(ink).not.toBe(lightInk);
    await page.getByRole("button", { name: "Light colours" }).click();
    await expect.poll(ink).toBe(lightInk);
    const other = await openPage(fleet.page, DESK);
    await other.page.emulateMedia({ colorScheme: "dark" });
    expect(await other.page.evaluate("getComputedStyle(document.body).backgroundColor")).not.toBe(light);
  });

  it("prints in light colours, with the charts that nobody scrolled to", async () => {
    const { page, problems } = await openPage(fleet.page, { width: 1440, colours: "dark" });
    const path = join(fleet.folder, "report.pdf");
    writeFileSync(path, await page.pdf({ format: "A4" }));
    expect(statSync(path).size).toBeGreaterThan(50_000);
    expect(await page.evaluate("reportCharts.has('fleet') && reportCharts.has('trends')")).toBe(true);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
    expect(problems).toEqual([]);
  });

  it("tells all without script", async () => {
    const { page } = await openPage(fleet.page, { ...DESK, script: false });
    expect(await page.locator("#fleet-numbers tbody tr").count()).toBe(4);
    expect(await page.locator("#fleet-numbers").isVisible()).toBe(true);
    const groups = page.locator(".choice > .group");
    expect(await groups.count()).toBeGreaterThan(1);
    for (const group of await groups.all()) expect(await group.isVisible()).toBe(true);
  });
});
