import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { Fault } from "../../src/faults/fault.ts";
import { type Column, isValid, type Table } from "../../src/recording/column.ts";
import { type CsvOptions, readCsvTable } from "../../src/recording/csv/read-csv.ts";

const read = (text: string | Uint8Array) => readCsvTable("flight.csv", Buffer.from(text as string), false);
const readGzip = (bytes: Uint8Array, options?: CsvOptions) => readCsvTable("flight.csv.gz", bytes, true, options);

async function faultOf(reading: Promise<Table>): Promise<Fault> {
  const error = await reading.then(
    () => new Error("it was read"),
    (thrown: unknown) => thrown,
  );
  if (error instanceof Fault) return error;
  throw error;
}

/** The column's entries as plain values, null where one is missing. */
function valuesOf(column: Column | undefined): unknown[] {
  switch (column?.kind) {
    case "number":
      return Array.from(column.values, (value) => (Number.isNaN(value) ? null : value));
    case "text":
      return Array.from(column.codes, (code) => column.dictionary[code] ?? null);
    case "time": {
      const ns = new BigInt64Array(column.halves.slice().buffer);
      return Array.from(ns, (value, i) => (isValid(column.validity, i) ? value : null));
    }
    case "list":
      return Array.from({ length: column.offsets.length - 1 }, (_, i) =>
        isValid(column.validity, i)
          ? valuesOf({ ...column.items, values: column.items.values.slice(column.offsets[i]!, column.offsets[i + 1]!) })
          : null,
      );
    default:
      return [];
  }
}

async function columnOf(name: string, cells: string[]): Promise<Column | undefined> {
  const table = await read([`${name},other`, ...cells.map((cell) => `${cell},x`)].join("\n"));
  expect(table.rowCount).toBe(cells.length);
  return table.columns.get(name);
}

describe("the kind of a column", () => {
  test("is number where every present cell is one", async () => {
    const column = await columnOf("n1", ["", " 1.5 ", "-2e3", "inf", "-Infinity", "TRUE", "false", "NaN", " nan "]);
    expect(column?.kind).toBe("number");
    expect(valuesOf(column)).toEqual([null, 1.5, -2000, Infinity, -Infinity, 1, 0, null, null]);
  });

  test.each(["0x10", "0b1", " 0o7", "1_000", "1.2.3", "VALID", "null"])("is text once a cell says %s", async (word) => {
    const column = await columnOf("note", ["007", "", word]);
    expect(column?.kind).toBe("text");
    expect(valuesOf(column)).toEqual(["007", null, word]);
  });

  test("is list where every present cell is a JSON list of numbers", async () => {
    const column = await columnOf("vib_fan", ["", '"[1.0, null, 2]"', "[]", "NaN", '" [NaN,-3e2] "', ""]);
    expect(column?.kind).toBe("list");
    expect(valuesOf(column)).toEqual([null, [1, null, 2], [], null, [null, -300], null]);
  });

  test.each(['"[1,,2]"', '"[1,[2]]"', '"[1,""a""]"', "[1", "5"])(
    "is text where a list is followed by %s",
    async (cell) => {
      expect((await columnOf("vib_fan", ["[1]", cell]))?.kind).toBe("text");
    },
  );

  test.each(["aircraft_id", "flight_id", "window_id", "n1_quality"])("of %s is text as written", async (name) => {
    const column = await columnOf(name, ["007", "7", "", "NaN", "1e3"]);
    expect(valuesOf(column)).toEqual(["007", "7", null, null, "1e3"]);
  });

  test("of flight_phase is number or text, as it is written", async () => {
    expect(valuesOf(await columnOf("flight_phase", ["4", "", "5"]))).toEqual([4, null, 5]);
    expect(valuesOf(await columnOf("flight_phase", ["Cruise", "", "4"]))).toEqual(["Cruise", null, "4"]);
  });

  test("without any present cell is empty numbers, or times by its name", async () => {
    expect(await columnOf("n1", ["", "NaN"])).toMatchObject({ kind: "number", type: "empty" });
    expect(valuesOf(await columnOf("timestamp", ["", "NaN"]))).toEqual([null, null]);
  });

  test("stays as it was decided when the deciding cell comes after thousands of missing ones", async () => {
    const missing = Array.from({ length: 5000 }, () => "");
    const columns = ["7.50", "[7]", "seven", "2025-10-11"].map((cell) => columnOf("timestamp_of", [...missing, cell]));
    const last = (await Promise.all(columns)).map((column) => valuesOf(column).at(-1));
    expect(last).toEqual([7.5, [7], "seven", "2025-10-11"]);
  });
});

describe("a column of times", () => {
  test("keeps nanoseconds and marks the missing", async () => {
    const column = await columnOf("timestamp", ["2025-10-11T06:00:00.123456789", "", "2025-10-11 06:00:00+02:00"]);
    expect(valuesOf(column)).toEqual([1760162400123456789n, null, 1760155200000000000n]);
  });

  test.each(["timestamp", "timestamp_start", "timestamp_end"])(
    "named %s that holds numbers is numbers",
    async (name) => {
      expect((await columnOf(name, ["1760162400", "1760162401"]))?.kind).toBe("number");
    },
  );

  test.each([
    [["2025-10-11", "yesterday"], "yesterday"],
    [["noon", "2025-10-11"], "noon"],
    [["1760162400", "2025-10-11"], "2025-10-11"],
    [["2025-10-11", "2025-02-30"], "2025-02-30"],
  ])("of %j fails by the cell that does not fit", async (cells, culprit) => {
    const fault = await faultOf(columnOf("timestamp", cells) as Promise<never>);
    const row = cells.indexOf(culprit) + 1;
    expect(fault.code).toBe("TIME_TYPE");
    expect(fault.message).toContain(`flight.csv: row ${row} (line ${row + 1}) has "${culprit}" in column timestamp`);
  });
});

describe("the form of the file", () => {
  test("may have a byte order mark, CRLF, blank lines, quotes with line breaks and no end of line", async () => {
    const table = await read('\uFEFFtimestamp,"n,1",note\r\n\r\n2025-10-11,1,"a ""b""\r\nc"\r\n2025-10-12,2,d\r\n\r\n');
    expect([...table.columns.keys()]).toEqual(["timestamp", "n,1", "note"]);
    expect(valuesOf(table.columns.get("note"))).toEqual(['a "b"\nc', "d"]);
    const unended = await read("a,b\n1,2\n3,4");
    expect(valuesOf(unended.columns.get("b"))).toEqual([2, 4]);
  });

  test("may end its lines with CR alone", async () => {
    expect(valuesOf((await read("a,b\r1,2\r3,4\r")).columns.get("b"))).toEqual([2, 4]);
  });

  test("may have columns without a name, which are passed over, and blanks around names", async () => {
    const table = await read(", n1 ,\n0,5,\n1,6,\n");
    expect([...table.columns.keys()]).toEqual(["n1"]);
    expect(valuesOf(table.columns.get("n1"))).toEqual([5, 6]);
  });

  test("may be a header alone", async () => {
    const table = await read("timestamp,n1,aircraft_id\n");
    expect(table.rowCount).toBe(0);
    expect([...table.columns.values()].map((column) => column.kind)).toEqual(["time", "number", "text"]);
  });

  test("is the same whatever it is cut into: rows and letters lie across the pieces it is read in", async () => {
    const rows = Array.from(
      { length: 40_000 },
      (_, i) => `${i},"[${i}, ${i / 8}]","züge\n${i % 7}",${"ä".repeat(i % 60)}x`,
    );
    const table = await read(`i,list,text,pad\n${rows.join("\n")}\n`);
    expect(table.rowCount).toBe(rows.length);
    expect(valuesOf(table.columns.get("i"))).toEqual(rows.map((_, i) => i));
    expect(valuesOf(table.columns.get("list"))).toEqual(rows.map((_, i) => [i, i / 8]));
    expect(valuesOf(table.columns.get("text"))).toEqual(rows.map((_, i) => `züge\n${i % 7}`));
    expect(valuesOf(table.columns.get("pad"))).toEqual(rows.map((_, i) => `${"ä".repeat(i % 60)}x`));
  });

  test.each([
    ["a row with a cell too few", 'a,b\n1,"x\ny"\n3\n', "line 4: the row has 1 cells; expected 2 cells"],
    ["a row with a cell too many", "a,b\n1,2\n\n3,4,5\n", "line 4: the row has 3 cells; expected 2 cells"],
    ["two columns of one name", "a,b, a\n1,2,3\n", "line 1: two columns are named a"],
    ["a quote that is never closed", 'a,b\n1,"2\n3,4\n', "line 2: a quote is opened and never closed"],
    ["text behind a closing quote", 'a,b\n1,2\n1,"2"3\n', "line 3: text follows a closing quote"],
    [
      "data instead of a header",
      "2025-10-11T06:00:00Z,VALID\n",
      "line 1: the first row has the value 2025-10-11T06:00:00Z",
    ],
    ["numbers instead of a header", "1,2.5\n3,4\n", "line 1: the first row has the value 1"],
    ["blank lines alone", "\n \n", "line 1: there is no header"],
    ["a byte that is not UTF-8", Buffer.from("a,b\n1,ä\n2,caf\xe9\n", "latin1"), "line 2: byte 6 (0xe4) is not UTF-8"],
    [
      "a letter cut in two at the end",
      Buffer.from("a,b\n1,2\n3,ä").subarray(0, -1),
      "line 3: byte 10 (0xc3) is not UTF-8",
    ],
    ["a gzip file named .csv", gzipSync("a,b\n1,2\n"), "name it .csv.gz"],
  ])("is refused for %s", async (_, text, message) => {
    const fault = await faultOf(read(text));
    expect(fault.code).toBe("CSV_MALFORMED");
    expect(fault.message).toContain(message);
  });

  test("is refused for a line beyond every measure, without reading it again and again", async () => {
    const fault = await faultOf(read(`a,b\n${"1".repeat(17 << 20)}`));
    expect(fault.message).toContain("a line is longer than 16777216 bytes");
    const quoted = await faultOf(read(`a,b\n1,"${"2\n".repeat(9 << 20)}`));
    expect(quoted.message).toContain("line 2: a quote is opened and never closed");
  });

  test("is refused without bytes", async () => {
    expect((await faultOf(read(""))).code).toBe("FILE_EMPTY");
    expect((await faultOf(readGzip(new Uint8Array(0)))).code).toBe("FILE_EMPTY");
    expect((await faultOf(readGzip(gzipSync("")))).code).toBe("FILE_EMPTY");
  });
});

describe("a gzip file", () => {
  const text = `a,b\n${Array.from({ length: 5000 }, (_, i) => `${i},${Math.sqrt(i)}`).join("\n")}\n`;

  test("is read like the file in it, members one after the other too", async () => {
    const half = text.length >> 1;
    const members = Buffer.concat([gzipSync(text.slice(0, half)), gzipSync(text.slice(half))]);
    const plain = (await read(text)).columns;
    expect((await readGzip(gzipSync(text))).columns).toEqual(plain);
    expect((await readGzip(members)).columns).toEqual(plain);
  });

  test.each([
    ["is cut off", (bytes: Buffer) => bytes.subarray(0, bytes.length - 20)],
    ["lacks its end mark", (bytes: Buffer) => bytes.subarray(0, bytes.length - 4)],
    ["has a wrong byte", (bytes: Buffer) => bytes.fill(0xff, 2000, 2010)],
    ["has a wrong checksum", (bytes: Buffer) => bytes.fill(bytes.at(-8)! ^ 1, bytes.length - 8, bytes.length - 7)],
    ["is not gzip at all", () => Buffer.from(text)],
  ])("is corrupt if it %s", async (_, damage) => {
    const fault = await faultOf(readGzip(damage(gzipSync(text))));
    expect(fault.code).toBe("FILE_CORRUPT");
    expect(fault.message).toContain("flight.csv.gz: the gzip data is damaged or cut off");
  });

  test("is refused beyond the limit of what it may hold, and read up to it", async () => {
    const bomb = gzipSync(`a,b\n${"1,2\n".repeat(1_000_000)}`);
    const fault = await faultOf(readGzip(bomb, { maxDecompressedBytes: 4_000_003 }));
    expect(fault.code).toBe("FILE_UNSUPPORTED");
    expect(fault.message).toContain("holds more than 4000003 bytes");
    expect((await readGzip(bomb, { maxDecompressedBytes: 4_000_004 })).rowCount).toBe(1_000_000);
  });
});

test("the recorded flights are read with the columns of an interim file", async () => {
  const folder = "test/fixtures/data/csv";
  for (const name of ["AC001_20251011_060000.csv", "AC002_20251011_073000.csv", "AC001_20251012_060000.csv.gz"]) {
    const table = await readCsvTable(name, readFileSync(`${folder}/${name}`), name.endsWith(".gz"));
    expect(table.rowCount).toBe(2400);
    const times = valuesOf(table.columns.get("timestamp")) as bigint[];
    expect(new Set(times.slice(1).map((time, i) => time - times[i]!))).toEqual(new Set([100_000_000n]));
    const numbers = ["vib_fan_rms", "vib_compressor_rms", "vib_turbine_rms", "n1", "n2", "egt"];
    expect(numbers.map((column) => table.columns.get(column)?.kind)).toEqual(numbers.map(() => "number"));
    expect(new Set(valuesOf(table.columns.get("n1_quality")))).toContain("VALID");
  }
});
