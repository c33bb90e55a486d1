import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { folderOf, readSource, type Source, typescriptBelow } from "./sources.ts";

/** Folders that open nothing: the same answer for the same arguments, on any machine. */
const PURE_FOLDERS = ["windows", "coverage", "features", "quality", "verdict", "filter", "faults"];

/** What each folder may import, by the table of docs/STRUCTURE.md: `| src/cli | what | may know |`. */
function layerTable({ text }: Source): Map<string, string[]> {
  const rows = text.matchAll(/^\| `src\/([\w.]+)` \|.*\|([^|]*)\|$/gm);
  return new Map([...rows].map(([, folder, known]) => [folder!.replace(/\.ts$/, ""), known!.match(/\w+/g) ?? []]));
}

function importsOf({ path, text }: Source): string[] {
  const specifiers = [...text.matchAll(/\b(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((found) => found[1]!);
  return specifiers.map((name) => (name.startsWith(".") ? join(dirname(path), name) : name));
}

/** Imports that the table does not allow. */
function forbiddenImports(sources: Source[], table: Map<string, string[]>): string[] {
  return sources.flatMap((source) => {
    const own = folderOf(source.path);
    const allowed = table.get(own) ?? [];
    return importsOf(source)
      .filter((target) => target.startsWith("src/"))
      .filter((target) => folderOf(target) !== own && !allowed.includes(folderOf(target)))
      .map((target) => `${source.path} imports ${target}`);
  });
}

/** A way from a folder back to itself, or null. */
function folderCycle(sources: Source[]): string | null {
  const known = new Map<string, Set<string>>();
  for (const source of sources) {
    const own = folderOf(source.path);
    const targets = importsOf(source).filter((target) => target.startsWith("src/"));
    known.set(own, new Set([...(known.get(own) ?? []), ...targets.map(folderOf).filter((folder) => folder !== own)]));
  }
  const walk = (folder: string, way: string[]): string | null => {
    if (way.includes(folder)) return [...way, folder].join(" > ");
    for (const next of known.get(folder) ?? []) {
      const cycle = walk(next, [...way, folder]);
      if (cycle !== null) return cycle;
    }
    return null;
  };
  return [...known.keys()].map((folder) => walk(folder, [])).find((cycle) => cycle !== null) ?? null;
}

function impureImports(sources: Source[]): string[] {
  return sources
    .filter(({ path }) => PURE_FOLDERS.includes(folderOf(path)))
    .flatMap((source) =>
      importsOf(source)
        .filter((name) => name.startsWith("node:"))
        .map((name) => `${source.path} imports ${name}`),
    );
}

/** Places outside of src/cli that write to the terminal or end the process. */
function terminalUses(sources: Source[]): string[] {
  const use = /\bprocess\.(?:stdout|stderr|stdin|exit|exitCode)\b|\bconsole\.\w+/g;
  return sources
    .filter(({ path }) => folderOf(path) !== "cli")
    .flatMap(({ path, text }) => [...text.matchAll(use)].map(([found]) => `${path} uses ${found}`));
}

const sources = typescriptBelow("src");

it("lets each folder import only what the table of docs/STRUCTURE.md says", () => {
  expect(forbiddenImports(sources, layerTable(readSource("docs/STRUCTURE.md")))).toEqual([]);
});

it("has no cycle between folders", () => {
  expect(folderCycle(sources)).toBeNull();
});

it("keeps the pure folders free of everything that opens something", () => {
  expect(impureImports(sources)).toEqual([]);
});

it("writes to the terminal and ends the process in src/cli alone", () => {
  expect(terminalUses(sources)).toEqual([]);
});

it("sees each of these where it is done", () => {
  const windows = { path: "src/windows/grid.ts", text: 'import { run } from "../run/run.ts";\nimport "node:fs";' };
  const run = { path: "src/run/run.ts", text: 'const x = await import("../windows/grid.ts");\nprocess.exit(1);' };
  const table = layerTable({ path: "", text: "| `src/windows` | a grid | - |\n| `src/run` | runs | windows |" });
  expect(forbiddenImports([windows, run], table)).toEqual(["src/windows/grid.ts imports src/run/run.ts"]);
  expect(folderCycle([windows, run])).toBe("windows > run > windows");
  expect(impureImports([windows, run])).toEqual(["src/windows/grid.ts imports node:fs"]);
  expect(terminalUses([windows, run])).toEqual(["src/run/run.ts uses process.exit"]);
});
