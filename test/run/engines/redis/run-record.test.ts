import { describe, expect, it } from "vitest";
import { checkedTask, isRunId, parseRecord, type RunRecord } from "../../../../src/run/engines/redis/run-record.ts";

const RECORD: RunRecord = {
  layout: 1,
  output: "/data/r.parquet",
  versions: { flightbatch: "0.1.0", node: "20", onnxruntime: "1.30.0", cpu: "x" },
  bundle: { directory: "/models/d/1.0.0", digest: "aa", recipe: "bb" },
  options: {
    batchSize: 128,
    filter: null,
    inputKind: null,
    cacheDirectory: null,
    explain: false,
    strict: [],
    verify: "size",
    partsDirectory: "/data/r.run/parts",
  },
  fileTimeoutSeconds: null,
  totals: { tasks: 1, files: 1, bytes: 10 },
};
const FILE = {
  path: "/data/a.parquet",
  name: "a.parquet",
  sizeBytes: 10,
  modifiedNs: "1",
  format: "parquet",
  sidecarStamp: null,
};
const TASK = { index: 0, fingerprint: "0123456789abcdef0123456789abcdef", files: [FILE] };

describe("what comes out of Redis is believed only in its form", () => {
  it("a record and a task as they were put there", () => {
    expect(parseRecord(JSON.stringify(RECORD))).toEqual(RECORD);
    expect(checkedTask(TASK)).toEqual(TASK);
  });

  it.each<[string, unknown]>([
    ["nothing", null],
    ["no JSON", "{"],
    ["another layout", { ...RECORD, layout: 2 }],
    ["a field more", { ...RECORD, command: "rm" }],
    ["a field less", { ...RECORD, totals: undefined }],
    ["parts in a folder that is none of a run", { ...RECORD, options: { ...RECORD.options, partsDirectory: "/etc" } }],
    ["a batch of no windows", { ...RECORD, options: { ...RECORD.options, batchSize: 0 } }],
    ["a path with a zero byte", { ...RECORD, bundle: { ...RECORD.bundle, directory: "/m\0" } }],
    ["a list", []],
  ])("no record: %s", (_, value) => {
    expect(parseRecord(typeof value === "string" || value === null ? value : JSON.stringify(value))).toBeNull();
  });

  it.each<[string, unknown]>([
    ["nothing", null],
    ["text", "task"],
    ["a fingerprint that leads elsewhere", { ...TASK, fingerprint: "../../../../etc/0123456789abcdef" }],
    ["files that are none", { ...TASK, files: "/etc/passwd" }],
    ["a file with a field more", { ...TASK, files: [{ ...FILE, run: 1 }] }],
    ["files without end", { ...TASK, files: Array.from({ length: 2001 }, () => FILE) }],
    ["a field more", { ...TASK, fatalFiles: ["/data/a.parquet"] }],
    ["a negative place", { ...TASK, index: -1 }],
    ["a prototype", JSON.parse(`{"__proto__":${JSON.stringify(TASK)}}`)],
  ])("no task: %s", (_, value) => {
    expect(checkedTask(value)).toBeNull();
  });

  it("an id that is none of a run", () => {
    expect(isRunId("0123456789ab")).toBe(true);
    for (const text of ["", "0123456789AB", "0123456789ab:x", "0123456789abc"]) expect(isRunId(text)).toBe(false);
  });
});
