import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type RunResult, runBatch } from "../../dist/index.js";
import { query, readRows } from "../support/read-parquet.ts";
import { detector, fixture, run, scratch } from "../support/run.ts";
import { doubles, type TestTable, tableBytes, texts, times } from "../support/write-table.ts";

const FLIGHT = fixture("data/features/AC001_20251012_060000.parquet");

/** Ids and names that mean something to a shell, a terminal, a database, a spreadsheet, a file system or an object. */
const HOSTILE = [
  "'; DROP TABLE results; --",
  'a"b',
  "two\nlines",
  "\x1b[31mred\x1b[0m",
  "\u202Etxt.exe",
  "=cmd|' /C calc'!A0",
  "__proto__",
  "constructor",
  "../../outside",
  "$(touch canary)`touch canary`",
  "%s%n{}",
  "comma, and more",
  "x".repeat(10_000),
];
/** Those that a file can be named by. */
const NAMES = [...HOSTILE.filter((name) => !name.includes("/") && name.length < 200), "..evil", "n".repeat(247)].filter(
  // Those are passed over.
  (name) => !/^[._]/.test(name),
);

/** Feature rows of one flight each, under these ids. */
async function tableOf(ids: string[]): Promise<Uint8Array> {
  const [row] = await readRows(FLIGHT);
  const columns: TestTable = {
    timestamp: times(ids.map((_, i) => 1_760_162_400_000_000_000n + BigInt(i) * 5_000_000_000n)),
    aircraft_id: texts(ids),
    flight_id: texts(ids),
    window_id: texts(ids),
  };
  for (const [name, value] of Object.entries(row!))
    if (typeof value === "number") columns[name] = doubles(ids.map(() => value));
  return tableBytes(columns);
}

function isPlain(text: string): boolean {
  return !/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(text.replaceAll("\n", "").replaceAll("\r", ""));
}

describe("hostile ids", () => {
  let folder: string;
  let result: RunResult;
  beforeAll(async () => {
    folder = scratch();
    mkdirSync(join(folder, "data"));
    writeFileSync(join(folder, "data/a.parquet"), await tableOf(HOSTILE));
    // Once more, so that repeated keys are looked up by these ids.
    writeFileSync(join(folder, "data/b.parquet"), await tableOf(HOSTILE));
    result = await runBatch({
      model: detector("1.0.0"),
      data: [join(folder, "data")],
      output: join(folder, "r.parquet"),
    });
  });

  it("stand in the results as they are, and are counted under their own names", async () => {
    expect(result.failures).toEqual([]);
    const rows = await readRows(result.output);
    expect(new Set(rows.map((row) => row.aircraft_id))).toEqual(new Set(HOSTILE));
    expect(result.summary.repeated_windows).toBe(HOSTILE.length);
    const summary = JSON.parse(readFileSync(join(folder, "r.run/summary.json"), "utf8"));
    expect(Object.keys(summary.by_aircraft).sort()).toEqual([...HOSTILE].sort());
  });

  it.each(["csv", "json", "jsonl", "csv.gz"])("come through %s whole", async (format) => {
    const output = join(folder, `it's "${format}"; --.${format}`);
    const { failures } = await runBatch({ model: detector("1.0.0"), data: [join(folder, "data/a.parquet")], output });
    expect(failures).toEqual([]);
    const read = format.startsWith("csv") ? "read_csv" : "read_json";
    const text = (path: string) => `'${path.replaceAll("'", "''")}'`;
    const options = format.startsWith("csv") ? ", all_varchar = true, max_line_size = 1000000" : "";
    const rows = await query(`SELECT aircraft_id FROM ${read}(${text(output)}${options})`);
    expect(rows.map((row) => row.aircraft_id).sort()).toEqual([...HOSTILE].sort());
  });
});

describe("hostile names of files", () => {
  let folder: string;
  let quarantine: string;
  let finished: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    folder = scratch();
    quarantine = join(folder, "aside");
    mkdirSync(join(folder, "data"));
    for (const [i, name] of NAMES.entries()) {
      copyFileSync(FLIGHT, join(folder, "data", `${name.slice(0, 246)}.parquet`));
      writeFileSync(join(folder, "data", `${name.slice(0, 246 - 1)}${i}.csv`), "no, such\ntable\n");
    }
    finished = await run(
      [
        "run",
        "--model",
        detector("1.0.0"),
        "--data",
        "data",
        "--output",
        "r.csv",
        "--quarantine",
        "aside",
        "--verbose",
      ],
      { cwd: folder },
    );
  });

  it("reach neither terminal nor log as control characters, and are told of in one line each", () => {
    expect(finished.code, finished.stderr).toBe(1);
    expect(isPlain(finished.stdout) && isPlain(finished.stderr)).toBe(true);
    const log = readFileSync(join(folder, "logs/batch_inference.log"), "utf8");
    expect(log.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    for (const line of log.trim().split("\n")) JSON.parse(line);
    const failures = readFileSync(join(folder, "r.run/failures.jsonl"), "utf8").trim().split("\n");
    expect(failures.length).toBe(NAMES.length);
  });

  it("lead nowhere else: failed files lie aside under their names, shortened where there is no room for the reason's", () => {
    const aside = readdirSync(quarantine);
    expect(aside.filter((name) => name.endsWith(".reason.json")).length).toBe(NAMES.length);
    expect(aside.length).toBe(2 * NAMES.length);
    expect(readdirSync(folder).sort()).toEqual(["aside", "data", "logs", "r.csv", "r.run"]);
    expect(aside).toContain(`${NAMES[0]}0.csv`);
  });
});

describe("links", () => {
  const options = (folder: string) => ({
    model: detector("1.0.0"),
    data: [FLIGHT],
    output: join(folder, "r.parquet"),
    workers: 1,
  });

  it("at the place of the output are replaced, not followed", async () => {
    const folder = scratch();
    const victim = join(scratch(), "victim");
    writeFileSync(victim, "precious");
    symlinkSync(victim, join(folder, "r.parquet"));
    await runBatch(options(folder));
    expect(readFileSync(victim, "utf8")).toBe("precious");
    expect(realpathSync(join(folder, "r.parquet"))).toBe(join(realpathSync(folder), "r.parquet"));
  });

  it("at the place of the parts cost no foreign file", async () => {
    const folder = scratch();
    const victims = scratch();
    writeFileSync(join(victims, "thesis.parquet"), "precious");
    mkdirSync(join(folder, "r.run"));
    symlinkSync(victims, join(folder, "r.run/parts"));
    await runBatch(options(folder));
    expect(readFileSync(join(victims, "thesis.parquet"), "utf8")).toBe("precious");
  });

  it("in the folder for failed files do not lead out of it", async () => {
    const folder = scratch();
    const outside = scratch();
    mkdirSync(join(folder, "data/sub"), { recursive: true });
    mkdirSync(join(folder, "aside"));
    writeFileSync(join(folder, "data/sub/a.parquet"), "none");
    symlinkSync(outside, join(folder, "aside/sub"));
    const wanted = { ...options(folder), data: [join(folder, "data")], quarantineDirectory: join(folder, "aside") };
    await expect(runBatch(wanted)).rejects.toThrow(/a link that leads out of the folder/);
    expect(readdirSync(outside)).toEqual([]);
  });

  it("to a failed input are put aside as what they lead to", async () => {
    const folder = scratch();
    mkdirSync(join(folder, "data"));
    writeFileSync(join(folder, "elsewhere"), "not a recording");
    symlinkSync("../elsewhere", join(folder, "data/a.parquet"));
    await runBatch({ ...options(folder), data: [join(folder, "data")], quarantineDirectory: join(folder, "aside") });
    expect(readFileSync(join(folder, "aside/a.parquet"), "utf8")).toBe("not a recording");
    expect(basename(realpathSync(join(folder, "aside/a.parquet")))).toBe("a.parquet");
    expect(existsSync(join(folder, "elsewhere"))).toBe(true);
  });
});
