import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type Source, trackedFiles } from "./sources.ts";

/** Put together from halves, so that this file does not hold them. */
const join = (...halves: string[]) => halves.join("");

/** What no file may hold: paths of one machine, hosts of package registries, unfinished work. */
const FORBIDDEN: Record<string, RegExp> = {
  "a path of one machine": new RegExp(
    join("(?<![\\w.])/(?:wo", "rk\\b|ho", "me/\\w+|Us", "ers/\\w+|ro", "ot/\\w|tm", "p/\\w)"),
  ),
  "a folder outside of the project": new RegExp(join("\\.\\./sha", "red\\b")),
  "a host of a package registry": new RegExp(
    [
      join("registry\\.np", "mjs"),
      join("npm", "js\\.(?:com|org)"),
      join("pypi\\.", "org"),
      join("python", "hosted"),
    ].join("|"),
  ),
  "unfinished work": new RegExp(join("\\b(?:TO", "DO|FIX", "ME)\\b")),
  "a tracker's number": new RegExp(join("\\b[Ii]ss", "ue #?\\d")),
};

function offences({ path, text }: Source): string[] {
  const lines = text.split("\n");
  return Object.entries(FORBIDDEN).flatMap(([what, pattern]) => {
    const line = lines.findIndex((one) => pattern.test(one));
    return line === -1 ? [] : [`${path}:${line + 1} has ${what}`];
  });
}

function isText(bytes: Buffer): boolean {
  return !bytes.subarray(0, 8000).includes(0);
}

it("names no machine, no registry and no unfinished work in any tracked file", () => {
  const sources = trackedFiles()
    .filter((path) => !path.startsWith("test/fixtures/") && existsSync(path))
    .map((path) => ({ path, bytes: readFileSync(path) }))
    .filter(({ bytes }) => isText(bytes))
    .map(({ path, bytes }) => ({ path, text: bytes.toString("utf8") }));
  expect(sources.length).toBeGreaterThan(100);
  expect(sources.flatMap(offences)).toEqual([]);
});

it("sees each of them", () => {
  const said = [
    join("open(/wo", "rk/main/x)"),
    join("from ../sha", "red/x"),
    join("https://registry.np", "mjs.org/"),
    join("// TO", "DO later"),
    join("see iss", "ue 12"),
  ].join("\n");
  expect(offences({ path: "x.ts", text: said })).toEqual([
    "x.ts:1 has a path of one machine",
    "x.ts:2 has a folder outside of the project",
    "x.ts:3 has a host of a package registry",
    "x.ts:4 has unfinished work",
    "x.ts:5 has a tracker's number",
  ]);
});

it("leaves ordinary words alone", () => {
  const text =
    'import workerpool from "workerpool"; // a work of art, b/root, node:worker_threads, a network/work/flow';
  expect(offences({ path: "x.ts", text })).toEqual([]);
});
