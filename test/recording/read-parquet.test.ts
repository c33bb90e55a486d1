import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Fault } from "../../src/faults/fault.ts";
import { readParquetTable } from "../../src/recording/parquet/read-parquet.ts";
import { columnValues } from "../support/column-values.ts";

const FOLDER = new URL("../fixtures/parquet/", import.meta.url).pathname;
const EXPECTED = JSON.parse(readFileSync(`${FOLDER}expected.json`, "utf8")) as Record<string, Record<string, unknown>>;
const NO_ROWS = ["no-rows.parquet", "no-row-groups.parquet"];

function open(name: string, wanted: (column: string) => boolean = () => true) {
  return readParquetTable(name, readFileSync(`${FOLDER}${name}`), wanted);
}

const cases = Object.entries(EXPECTED).flatMap(([file, columns]) =>
  Object.entries(columns).map(([column, values]) => ({ file, column, values })),
);

describe("every form of Parquet is read as its writer meant it", () => {
  it.each(cases)("$file: $column", ({ file, column, values }) => {
    const table = open(file);
    expect(columnValues(table.columns.get(column)!)).toEqual(values);
    table.release();
  });

  it.each(NO_ROWS)("%s has its columns but no rows", (name) => {
    const table = open(name);
    expect(table.rowCount).toBe(0);
    expect([...table.columns.values()].map(({ kind }) => kind)).toEqual([
      "time",
      "number",
      "number",
      "text",
      "text",
      "list",
      "number",
    ]);
    table.release();
  });

  it("counts the rows of all row groups", () => {
    const table = open("row-groups.parquet");
    expect(table.rowCount).toBe(40);
    table.release();
  });

  it("names the types that are of no use", () => {
    const table = open("exotic.parquet");
    const types = Object.fromEntries([...table.columns].map(([name, { type }]) => [name, type]));
    expect(types).toMatchObject({
      date32: "date",
      time64: "time",
      binary: "binary",
      struct: "struct<x: int64, y: struct<z: string>>",
      map: "map",
    });
    table.release();
  });

  it("only names a column that nobody wants", () => {
    const table = open("numbers.parquet", (name) => name === "int8");
    expect(table.columns.get("int8")!.kind).toBe("number");
    expect(table.columns.get("float64")).toEqual({ kind: "other", type: "double" });
    table.release();
  });
});

describe("what cannot be read is refused for its reason", () => {
  const whole = readFileSync(`${FOLDER}codec-snappy.parquet`);
  const faultOf = (bytes: Uint8Array) => {
    try {
      readParquetTable("a.parquet", bytes, () => true);
    } catch (error) {
      return (error as Fault).code;
    }
    return "read";
  };

  it.each([
    ["an empty file", new Uint8Array(0), "FILE_EMPTY"],
    ["another format", Buffer.from("timestamp,n1\n1,2\n"), "FILE_NOT_PARQUET"],
    ["a single byte", Buffer.from("P"), "FILE_NOT_PARQUET"],
    ["only the magic", Buffer.from("PAR1"), "FILE_CORRUPT"],
    ["magic twice and nothing between", Buffer.from("PAR1PAR1"), "FILE_CORRUPT"],
    ["an end that was cut off", whole.subarray(0, whole.length - 1), "FILE_CORRUPT"],
    ["a middle that is missing", Buffer.concat([whole.subarray(0, 300), whole.subarray(900)]), "FILE_CORRUPT"],
    ["an encrypted footer", readFileSync(`${FOLDER}encrypted.parquet`), "FILE_UNSUPPORTED"],
    ["encrypted columns", readFileSync(`${FOLDER}encrypted-columns.parquet`), "FILE_UNSUPPORTED"],
  ])("%s", (_, bytes, code) => {
    expect(faultOf(bytes)).toBe(code);
  });

  it("goes on reading after damage anywhere in a file", () => {
    for (let at = 4; at < whole.length - 8; at += 97) {
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 0xff;
      expect(["read", "FILE_CORRUPT", "FILE_UNSUPPORTED"], `byte ${at}`).toContain(faultOf(damaged));
    }
    expect(faultOf(whole)).toBe("read");
  });

  it("throws faults and nothing else", () => {
    expect(() => readParquetTable("a.parquet", Buffer.from("PAR1PAR1"), () => true)).toThrow(Fault);
  });
});
