import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import type { Chart } from "../../src/page/chart.ts";
import type { Block, Page } from "../../src/page/page.ts";
import { chartsOf, renderPage } from "../../src/page/render-page.ts";

const HOSTILE = `"><img src=x onerror=alert(1)></script><script>alert(2)</script><!--`;

const CHART: Chart = {
  kind: "bars",
  id: "rates",
  title: HOSTILE,
  caption: HOSTILE,
  categoryLabel: HOSTILE,
  categories: [HOSTILE, "AC002"],
  value: { label: HOSTILE, format: { style: "percent" } },
  direction: "across",
  series: [{ name: HOSTILE, values: [0.125, null], intervals: [[0.1, 0.2], null] }],
};

function pageOf(blocks: Block[]): Page {
  return {
    title: HOSTILE,
    subtitle: HOSTILE,
    headline: { text: HOSTILE, tone: "bad" },
    parts: [{ id: "one", title: HOSTILE, blocks }],
    generator: HOSTILE,
  };
}

const BLOCKS: Block[] = [
  { kind: "text", text: HOSTILE },
  { kind: "note", tone: "missing", text: HOSTILE },
  { kind: "tiles", tiles: [{ label: HOSTILE, value: HOSTILE, detail: HOSTILE }] },
  { kind: "facts", facts: [{ name: HOSTILE, value: HOSTILE }] },
  { kind: "chart", chart: CHART },
  {
    kind: "table",
    table: {
      id: "t",
      caption: HOSTILE,
      columns: [{ label: HOSTILE }],
      rows: [{ id: "event-1", cells: [{ text: HOSTILE, sort: HOSTILE, link: HOSTILE, detail: HOSTILE }] }],
      more: HOSTILE,
    },
  },
  {
    kind: "choice",
    label: HOSTILE,
    options: [{ id: "a", title: HOSTILE, short: HOSTILE, blocks: [{ kind: "text", text: HOSTILE }] }],
  },
];

it("keeps foreign text text wherever it stands", () => {
  const page = renderPage(pageOf(BLOCKS));
  expect(page.match(/<script/g)).toHaveLength(2);
  expect([page.includes("<img"), page.includes("<!--")]).toEqual([false, false]);
});

it("allows its own script and style by their hashes, and nothing else", () => {
  const page = renderPage(pageOf([]));
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const inside = (tag: string) =>
    page.slice(page.lastIndexOf(`<${tag}>`) + tag.length + 2, page.lastIndexOf(`</${tag}>`));
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!.replaceAll("&#39;", "'");
  expect(policy).toBe(
    `default-src 'none'; script-src ${hash(inside("script"))}; style-src-elem ${hash(inside("style"))}; style-src-attr 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`,
  );
});

it("embeds the charts' data once, from whatever depth, and writes the same numbers as a table", () => {
  const nested: Block[] = [
    {
      kind: "choice",
      label: "x",
      options: [
        {
          id: "a",
          title: "a",
          short: "a",
          blocks: [{ kind: "group", title: "b", blocks: [{ kind: "chart", chart: CHART }] }],
        },
      ],
    },
  ];
  expect(chartsOf(nested)).toEqual([CHART]);
  const page = renderPage(pageOf(nested));
  const json = /<script type="application\/json" id="charts">(.*?)<\/script>/.exec(page)![1]!;
  expect(JSON.parse(json)).toEqual([CHART]);
  // Not the whole page where it fails.
  expect(page.includes("<td>12.5%<td>10.0% to 20.0%")).toBe(true);
});

it("says before a note whether something was not examined, or is only not known", () => {
  const note = (tone: "missing" | "neutral"): Block => ({ kind: "note", tone, text: "words" });
  const page = renderPage({
    ...pageOf([note("missing"), note("neutral")]),
    headline: { text: "All", tone: "missing" },
  });
  const heard = [...page.matchAll(/<span class="heard">([^<]*)<\/span>(\w+)/g)].map(([, mark, text]) => mark! + text!);
  expect(heard).toEqual(["Not all examined: All", "Not examined: words", "Note: words"]);
});
