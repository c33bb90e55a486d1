import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TaskReport } from "../../src/task/messages.ts";
import {
  columnsOfRun,
  type PartPaths,
  partPaths,
  readPartReport,
  removePart,
  writePart,
} from "../../src/task/part-files.ts";
import { COLUMNS_OF, chunk } from "../support/chunks.ts";

const report: TaskReport = {
  index: 3,
  fingerprint: "abc",
  files: [],
  stages: { read: 1, decode: 2, compute: 3, infer: 4, write: 5 },
  inference: { windows: 2, milliseconds: 0.5 },
  worker: { pid: 1, peakMemoryBytes: 2 },
};

let folder: string;
let paths: PartPaths;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flightbatch-part-"));
  paths = partPaths(folder, "abc");
  writePart(paths, columnsOfRun(COLUMNS_OF), { chunks: [chunk(2)], report: () => report });
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a part is accepted where all of it is there", () => {
  it("as it was written", () => {
    expect(readPartReport(paths, "abc")).toEqual(report);
  });

  it.each<[string, () => void]>([
    ["no report", () => rmSync(paths.report)],
    ["a report that was cut off", () => truncateSync(paths.report, readFileSync(paths.report).length - 2)],
    ["an empty report", () => writeFileSync(paths.report, "")],
    ["a report that is no object", () => writeFileSync(paths.report, "null")],
    ["a report of nothing", () => writeFileSync(paths.report, "{}")],
    ["no results", () => rmSync(paths.results)],
    ["results that were cut off", () => truncateSync(paths.results, 100)],
    ["results that grew", () => appendFileSync(paths.results, "x")],
    ["no windows", () => rmSync(paths.windows)],
    ["windows that were cut off", () => truncateSync(paths.windows, 0)],
    ["a removed part", () => removePart(paths)],
  ])("not with %s", (_, damage) => {
    damage();
    expect(readPartReport(paths, "abc")).toBeNull();
  });

  it("not for another task", () => {
    expect(readPartReport(paths, "abd")).toBeNull();
  });
});
