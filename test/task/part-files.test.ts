import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TaskReport } from "../../src/task/messages.ts";
import {
  columnsOfRun,
  type PartFiles,
  partFiles,
  partReportPath,
  readPartReport,
  removePart,
  writePart,
} from "../../src/task/part-files.ts";
import { PartLedger } from "../../src/task/part-ledger.ts";
import { COLUMNS_OF, chunk } from "../support/chunks.ts";

const FINGERPRINT = "0123456789abcdef0123456789abcdef";

const report: Omit<TaskReport, "part"> = {
  index: 3,
  fingerprint: FINGERPRINT,
  files: [],
  stages: { read: 1, decode: 2, compute: 3, infer: 4, write: 5 },
  inference: { windows: 2, milliseconds: 0.5 },
  worker: { pid: 1, peakMemoryBytes: 2 },
};

function write(rows: number, own: Partial<TaskReport> = {}): Promise<TaskReport> {
  return writePart(folder, columnsOfRun(COLUMNS_OF), { chunks: [chunk(rows)], report: () => ({ ...report, ...own }) });
}

let folder: string;
let written: TaskReport;
let files: PartFiles & { report: string };
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "flightbatch-part-"));
  written = await write(2);
  files = { ...partFiles(folder, written), report: partReportPath(folder, FINGERPRINT) };
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a part is accepted where all of it is there", () => {
  it("as it was written", async () => {
    expect(await readPartReport(folder, FINGERPRINT)).toEqual(written);
    expect(written).toMatchObject(report);
    const ledger = await PartLedger.open(folder);
    expect(await ledger.reports(["no such task", FINGERPRINT])).toEqual([null, written]);
  });

  it.each<[string, () => void | Promise<void>]>([
    ["no report", () => rmSync(files.report)],
    ["a report that was cut off", () => truncateSync(files.report, readFileSync(files.report).length - 2)],
    ["an empty report", () => writeFileSync(files.report, "")],
    ["a report that is no object", () => writeFileSync(files.report, "null")],
    ["a report of nothing", () => writeFileSync(files.report, "{}")],
    ["no results", () => rmSync(files.results)],
    ["results that were cut off", () => truncateSync(files.results, 100)],
    ["results that grew", () => appendFileSync(files.results, "x")],
    ["no windows", () => rmSync(files.windows)],
    ["windows that were cut off", () => truncateSync(files.windows, 0)],
    ["a removed part", () => removePart(folder, written)],
  ])("not with %s", async (_, damage) => {
    await damage();
    expect(await readPartReport(folder, FINGERPRINT)).toBeNull();
    const ledger = await PartLedger.open(folder);
    expect(await ledger.reports([FINGERPRINT])).toEqual([null]);
    // And one that is written then takes its place.
    const again = await write(3);
    expect(await readPartReport(folder, FINGERPRINT)).toEqual(again);
  });

  it("not for another task", async () => {
    expect(await readPartReport(folder, "abd")).toBeNull();
  });
});

describe("of several workers that do the same task", () => {
  it("the first to write its part is believed, and the others get its report", async () => {
    const second = await write(5, { worker: { pid: 2, peakMemoryBytes: 1 } });
    expect(second).toEqual(written);
    expect(readdirSync(folder)).toHaveLength(3);
    const fresh = "f".repeat(32);
    const racers = await Promise.all([1, 2, 3, 4].map((pid) => write(pid, { fingerprint: fresh, index: pid })));
    expect(new Set(racers.map(({ index }) => index)).size).toBe(1);
    expect(await readPartReport(folder, fresh)).toEqual(racers[0]);
    expect(readdirSync(folder)).toHaveLength(6);
  });

  it("one that is to be done again is done anew", async () => {
    const ledger = await PartLedger.open(folder);
    await ledger.forget([FINGERPRINT, "no such task"]);
    expect(await readPartReport(folder, FINGERPRINT)).toBeNull();
    const again = await write(5);
    expect(again.part?.name).not.toBe(written.part?.name);
  });
});

it("what belongs to no task, or to a try that was not the first, is removed, and nothing that is not ours", async () => {
  const kept = await write(1, { fingerprint: "a".repeat(32) });
  writeFileSync(join(folder, `${"a".repeat(32)}.0123456789ab.results.parquet`), "of a try that came too late");
  writeFileSync(join(folder, `.${"a".repeat(32)}.report.json.123.tmp`), "never finished");
  writeFileSync(join(folder, "notes.txt"), "of the user");
  await (await PartLedger.open(folder)).keepOnly([kept]);
  const { results, windows } = partFiles(folder, kept);
  const expected = [results, windows, partReportPath(folder, kept.fingerprint), join(folder, "notes.txt")];
  expect(
    readdirSync(folder)
      .map((name) => join(folder, name))
      .sort(),
  ).toEqual(expected.sort());
});
