import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { readSource, type Source } from "./sources.ts";

const PAGES = [
  ...["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "bench/README.md"],
  ...readdirSync("docs")
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

function linksOf({ path, text }: Source): string[] {
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((found) => found[1]!);
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => join(dirname(path), target.replace(/#.*$/, "")));
}

function brokenLinks(pages: Source[], exists: (path: string) => boolean): string[] {
  return pages.flatMap((page) =>
    linksOf(page)
      .filter((to) => !exists(to) && to !== dirname(page.path))
      .map((to) => `${page.path} links to ${to}`),
  );
}

it("has no link to a file that is not there", () => {
  expect(brokenLinks(PAGES.map(readSource), existsSync)).toEqual([]);
});

it("links every page of docs from the README", () => {
  const linked = linksOf(readSource("README.md"));
  expect(PAGES.filter((page) => page.startsWith("docs/") && !linked.includes(page))).toEqual([]);
});

it("sees a broken link", () => {
  const text = "[a](there.md#part) [b](../gone.md) [c](https://example.org/x)";
  expect(brokenLinks([{ path: "docs/x.md", text }], (path) => path === "docs/there.md")).toEqual([
    "docs/x.md links to gone.md",
  ]);
});
