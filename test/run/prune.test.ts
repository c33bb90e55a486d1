import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { filterWindow } from "../../src/filter/compile-filter.ts";
import { parseFilter } from "../../src/filter/parse-filter.ts";
import { FILE_FACTS } from "../../src/io/file-facts.ts";
import { listInputs } from "../../src/io/list-inputs.ts";
import { fileIdentity } from "../../src/recording/identity.ts";
import { type FactReader, pruneInputs } from "../../src/run/prune.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "prune-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(name: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), content);
}

const DAY_MS = 86_400_000;
const OCTOBER_5 = Date.parse("2025-10-05T00:00:00Z");

function parquet(columns: Record<string, ColumnSource["data"]>, options: { rowGroupSize?: number } = {}): Uint8Array {
  const columnData = Object.entries(columns).map(([name, data]): ColumnSource => {
    if (name.startsWith("timestamp")) return { name, data, type: "TIMESTAMP" };
    return { name, data, type: typeof data[0] === "number" ? "INT32" : "STRING", nullable: true };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData, ...options }));
}

const oneTime = { timestamp: [new Date(OCTOBER_5)] };

/** Prunes all files of the folder, and counts what is opened for it. */
async function prune(text: string) {
  const opened = { sidecar: 0, footer: 0, header: 0 };
  const counted = <K extends keyof FactReader>(key: K): FactReader[K] => {
    opened[key]++;
    return FILE_FACTS[key];
  };
  const reader: FactReader = {
    sidecar: (file) => counted("sidecar")(file),
    footer: (file) => counted("footer")(file),
    header: (file) => counted("header")(file),
  };
  const { files } = await listInputs([root]);
  const { kept, pruned, countsByRule } = await pruneInputs(files, parseFilter(text), reader);
  const names = new Map(files.map(({ path, name }) => [path, name]));
  return {
    kept: kept.map(({ name }) => name),
    pruned: Object.fromEntries(pruned.map(({ path, reason }) => [names.get(path), reason])),
    countsByRule,
    opened,
  };
}

describe("a file without ids in its rows", () => {
  test("is pruned by its name, and says so", async () => {
    write("AC001_20251005_060000.parquet", parquet(oneTime));
    write("AC002_20251005_060000.parquet", parquet(oneTime));
    const { kept, pruned, countsByRule, opened } = await prune("aircraft_id==AC001");
    expect(kept).toEqual(["AC001_20251005_060000.parquet"]);
    expect(pruned).toEqual({ "AC002_20251005_060000.parquet": "aircraft_id of the file's name is AC002" });
    expect(countsByRule).toEqual({ "aircraft_id of the file's name": 1 });
    // Only the file that its name would rule out has to prove that its rows say nothing else.
    expect(opened).toEqual({ sidecar: 2, footer: 1, header: 0 });
  });

  test("is pruned by folder, sidecar, flight and the lack of any id", async () => {
    write("aircraft_id=AC%202/x.parquet", parquet(oneTime));
    write("AC001_20251005_060000.parquet", parquet(oneTime));
    write("AC001_20251005_060000.parquet.meta.json", '{"aircraft_id": "AC003"}');
    write("y.csv", "timestamp,n1\n2025-10-05,1\n");
    expect((await prune("aircraft_id==AC001")).pruned).toEqual({
      "aircraft_id=AC%202/x.parquet": "aircraft_id of the file's folder is AC 2",
      "AC001_20251005_060000.parquet": "aircraft_id of the file's .meta.json is AC003",
      "y.csv": "aircraft_id of a file without one is unknown",
    });
    expect((await prune("flight_id in [x, z]")).kept).toEqual(["aircraft_id=AC%202/x.parquet"]);
    expect((await prune("aircraft_id==AC003 and flight_id==x")).countsByRule).toEqual({
      "flight_id of the file's name": 1,
      "aircraft_id of the file's folder": 1,
      "aircraft_id of a file without one": 1,
    });
  });

  test("is pruned by two facts together where neither suffices", async () => {
    write("AC001_20251005_060000.parquet", parquet(oneTime));
    expect((await prune("aircraft_id==AC002 or flight_id==x")).countsByRule).toEqual({
      "aircraft_id of the file's name and flight_id of the file's name": 1,
    });
  });
});

describe("a file with ids in its rows", () => {
  const name = "AC001_20251005_060000.parquet";

  test("is judged by them and not by its name", async () => {
    write(name, parquet({ ...oneTime, aircraft_id: ["AC007"] }));
    expect((await prune("aircraft_id==AC007")).kept).toEqual([name]);
    // By its name it would be kept, which is no error: the rows are filtered when they are read.
    expect((await prune("aircraft_id==AC001")).kept).toEqual([name]);
    expect((await prune("aircraft_id==AC005")).pruned).toEqual({ [name]: "aircraft_id in the rows is AC007" });
    expect((await prune("aircraft_id==AC001 and date==2025-10-05")).pruned).toEqual({
      [name]: "aircraft_id in the rows is AC007",
    });
  });

  test("is judged by the range over all its row groups", async () => {
    const times = Array.from({ length: 3 }, (_, i) => new Date(OCTOBER_5 + i));
    write(name, parquet({ timestamp: times, aircraft_id: ["AC004", "AC009", "AC003"] }, { rowGroupSize: 1 }));
    for (const id of ["AC003", "AC005", "AC009"]) expect((await prune(`aircraft_id==${id}`)).kept).toEqual([name]);
    expect((await prune("aircraft_id==AC010")).pruned).toEqual({
      [name]: "aircraft_id in the rows lies from AC003 to AC009",
    });
  });

  test("falls back to the file's own id where a row has none", async () => {
    const times = { timestamp: [new Date(OCTOBER_5), new Date(OCTOBER_5 + 1)] };
    write(name, parquet({ ...times, aircraft_id: ["AC007", null] }));
    expect((await prune("aircraft_id==AC001 and date==2025-10-05")).kept).toEqual([name]);
    expect((await prune("aircraft_id==AC005")).pruned).toEqual({
      [name]: "aircraft_id in the rows is AC007 or is AC001",
    });
  });

  test("is kept where their type or their statistics tell nothing", async () => {
    write("AC001_1.parquet", parquet({ ...oneTime, aircraft_id: [12] }));
    const columnData: ColumnSource[] = [
      { name: "timestamp", data: oneTime.timestamp, type: "TIMESTAMP" },
      { name: "aircraft_id", data: ["AC007"], type: "STRING" },
    ];
    write("AC001_2.parquet", new Uint8Array(parquetWriteBuffer({ columnData, statistics: false })));
    expect((await prune("aircraft_id==AC005")).pruned).toEqual({});
    expect((await prune("date==2025-10-06")).kept).toEqual(["AC001_2.parquet"]);
  });

  test("is kept where it is CSV, whatever its name, quotes or byte order mark", async () => {
    write("AC001_20251005_060000.csv", '\ufeff"aircraft_id",timestamp\nAC007,2025-10-05\n');
    write("AC002_20251005_060000.csv.gz", gzipSync("timestamp, aircraft_id \n2025-10-05,AC007\n"));
    write("AC003_20251005_060000.csv", "timestamp,flight_id\n2025-10-05,F\n");
    write("AC004_20251005_060000.csv", "a,b\n1,2\n");
    const { kept, pruned } = await prune("aircraft_id==AC007");
    expect(kept).toEqual(["AC001_20251005_060000.csv", "AC002_20251005_060000.csv.gz", "AC004_20251005_060000.csv"]);
    expect(pruned).toEqual({ "AC003_20251005_060000.csv": "aircraft_id of the file's name is AC003" });
  });
});

describe("a filter on times", () => {
  test("prunes by the times in the rows, of series and of windows", async () => {
    const timesOf = (days: number) => [
      new Date(OCTOBER_5 + days * DAY_MS),
      new Date(OCTOBER_5 + days * DAY_MS + 3_600_000),
    ];
    write("a.parquet", parquet({ timestamp: timesOf(0) }));
    write("b.parquet", parquet({ timestamp: timesOf(1) }));
    write("c.parquet", parquet({ timestamp_start: timesOf(1), timestamp_end: timesOf(2) }));
    write("d.parquet", parquet({ timestamp: timesOf(2), timestamp_start: timesOf(0) }));
    write("e.csv", "timestamp,n1\n2025-10-07,1\n");
    const { kept, pruned, countsByRule } = await prune("date==2025-10-05");
    expect(kept).toEqual(["a.parquet", "d.parquet", "e.csv"]);
    expect(pruned["b.parquet"]).toBe("times in the rows lie from 2025-10-06T00:00:00Z to 2025-10-06T01:00:00Z");
    expect(countsByRule).toEqual({ "times in the rows": 2 });
    expect((await prune("timestamp > 2025-10-06 00:30")).kept).toEqual([
      "b.parquet",
      "c.parquet",
      "d.parquet",
      "e.csv",
    ]);
  });
});

describe("pruning", () => {
  test("keeps what it cannot read, so that it fails with its reason", async () => {
    write("AC002_20251005_060000.parquet", "PAR1 but no more");
    write("AC002_20251005_060001.parquet", "");
    write("AC002_20251005_060002.csv.gz", "no gzip");
    expect((await prune("aircraft_id==AC001 and date==2020-01-01")).kept).toHaveLength(3);
  });

  test("opens nothing for a filter that no file can answer", async () => {
    write("AC002_20251005_060000.parquet", parquet(oneTime));
    write("AC003_20251005_060000.csv", "timestamp\n");
    const { kept, opened } = await prune("flight_phase==cruise and window_id!=x");
    expect(kept).toHaveLength(2);
    expect(opened).toEqual({ sidecar: 0, footer: 0, header: 0 });
  });

  test("never loses a row that matches", async () => {
    const id = fc.option(
      fc.constantFrom(
        "A",
        "B",
        "C",
        "Ö",
        "a very long id of an aircraft, longer than bounds are kept, 飛",
        "飛行機飛行機飛行機",
      ),
    );
    const rows = fc.array(fc.tuple(id, id, fc.integer({ min: 0, max: 4 })), { minLength: 1, maxLength: 5 });
    const value = fc.constantFrom(
      "A",
      "B",
      "C",
      "D",
      "Ö",
      "'a very long id of an aircraft, longer than bounds are kept, 飛'",
      "飛行機飛行機飛行機",
    );
    const leaf = fc.oneof(
      fc.tuple(fc.constantFrom("aircraft_id", "flight_id"), fc.constantFrom("==", "!=", "<", ">="), value),
      fc.tuple(
        fc.constant("date"),
        fc.constantFrom("==", "<", ">"),
        fc.constantFrom("2025-10-05", "2025-10-07", "2025-10-09"),
      ),
    );
    const filter = fc
      .tuple(leaf, fc.constantFrom("and", "or", "and not"), leaf)
      .map(([a, joined, b]) => `${a.join(" ")} ${joined} ${b.join(" ")}`);
    let prunedCount = 0;
    await fc.assert(
      fc.asyncProperty(rows, filter, fc.boolean(), async (list, text, hasFlight) => {
        const columns = {
          timestamp: list.map(([, , day]) => new Date(OCTOBER_5 + day * DAY_MS)),
          aircraft_id: list.map(([aircraft]) => aircraft),
          ...(hasFlight && { flight_id: list.map(([, flight]) => flight) }),
        };
        write("A_20251005_060000.parquet", parquet(columns, { rowGroupSize: 2 }));
        const { kept } = await prune(text);
        if (kept.length > 0) return;
        prunedCount++;
        const whole = fileIdentity("A_20251005_060000.parquet", null);
        const read = parseFilter(text);
        for (const [aircraft, flight, day] of list) {
          const window = {
            aircraftId: aircraft ?? whole.aircraftId,
            flightId: (hasFlight ? flight : null) ?? whole.flightId,
            windowId: "",
            startNs: BigInt(OCTOBER_5 + day * DAY_MS) * 1_000_000n,
            phase: null,
          };
          expect(filterWindow(read, window)).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
    expect(prunedCount).toBeGreaterThan(20);
  });
});
