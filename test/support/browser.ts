import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll } from "vitest";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser: Promise<Browser> | null = null;
afterAll(async () => {
  await (await browser)?.close();
  browser = null;
});

/** How a page is looked at. */
export interface Look {
  width: 390 | 1440;
  colours: "light" | "dark";
  /** What the address ends in, from its `#` on. */
  hash?: string;
  /** Whether its script runs; default true. */
  script?: boolean;
}

/** A page that is open, and what it did that it must not. */
export interface OpenPage {
  page: Page;
  /** Errors and warnings on its console, exceptions, dialogs, and requests beside that for itself. */
  problems: string[];
}

/** Opens a file in Debian's Chromium. Fails where that is not there. */
export async function openPage(path: string, { width, colours, hash = "", script = true }: Look): Promise<OpenPage> {
  browser ??= chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  const page = await (await browser).newPage({
    viewport: { width, height: 900 },
    colorScheme: colours,
    javaScriptEnabled: script,
  });
  const problems: string[] = [];
  const address = pathToFileURL(path).href;
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`exception: ${error.message}`));
  page.on("dialog", async (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== address && !request.url().startsWith("data:"))
      problems.push(`request: ${request.url()}`);
  });
  await page.goto(`${address}${hash}`);
  return { page, problems };
}

/** Scrolls through the page, so that every chart that can be seen is drawn; ids of those that were not. */
export async function drawCharts(page: Page): Promise<string[]> {
  const missing: string[] = [];
  for (const figure of await page.locator("figure:visible").all()) {
    await figure.scrollIntoViewIfNeeded();
    const drawn = figure.locator(".chart svg");
    await drawn.waitFor({ timeout: 10_000 }).catch(async () => missing.push((await figure.getAttribute("id")) ?? ""));
  }
  return missing;
}

/** What axe-core finds that is serious or worse, a line each. */
export async function seriousFindings(page: Page): Promise<string[]> {
  return (await allFindings(page)).filter((finding) => /^(?:serious|critical) /.test(finding));
}

/** All that axe-core finds, a line each, its impact first. The numbers of flights' charts, thousands of like cells, are left out. */
export async function allFindings(page: Page): Promise<string[]> {
  // Given to the debugger, not to the page: its policy lets no script in.
  await page.evaluate(AXE);
  const found = (await page.evaluate("axe.run({ exclude: ['.choice details table'] })")) as {
    violations: { id: string; impact: string; nodes: { html: string }[] }[];
  };
  return found.violations.map(
    ({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`,
  );
}

/** Pixels by which the page is wider than its window. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
}

/** The texts of a table's cells, row by row, without its head. */
export function tableTexts(page: Page, id: string): Promise<string[][]> {
  return page
    .locator(`#${id} tbody tr`)
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll("th, td")].map((cell) => (cell.textContent ?? "").trim())),
    );
}

/** The values that a drawn chart holds, by its id: a list of items for each of its series. */
export function chartData(page: Page, id: string): Promise<unknown[][]> {
  return page.evaluate(`reportCharts.get(${JSON.stringify(id)}).getOption().series.map(({ data }) => data)`);
}
