import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { damage, diceOf } from "../fuzz/damage.ts";
import {
  type Content,
  differenceOf,
  fullContent,
  quickColumnNames,
  quickContent,
} from "../support/compare-decoders.ts";
import { scratch } from "../support/run.ts";
import { python } from "./python.ts";

const SEED = 20_251_012;
const FILES = 150;
const DAMAGED_EACH = 6;

/** What pyarrow reads, as `make_odd_parquet.py` writes it down. */
interface Expected {
  rows: number;
  columns: Record<string, (string | null)[]>;
}

/** An entry as the script writes it. All NaN are one. */
function written(entry: unknown, type: string): string | null {
  if (entry === null) return null;
  if (type !== "float" && type !== "double") return String(entry);
  const bytes = type === "float" ? Float32Array.of(entry as number) : Float64Array.of(entry as number);
  return Number.isNaN(entry) ? "nan" : Buffer.from(bytes.buffer).toString("hex");
}

function entriesOf(content: Content, name: string): (string | null)[] {
  const [kind, type, ...entries] = content.columns.get(name)!;
  return (kind === "time" ? entries.slice(1) : entries).map((entry) => written(entry, type as string));
}

describe("numbers and instants in files of pyarrow, DuckDB and polars, in all of their ways", () => {
  const folder = join(scratch(), "odd");
  python("test/system/make_odd_parquet.py", [folder, String(FILES), String(SEED)]);
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".parquet"))
    .map((name) => ({
      name,
      bytes: new Uint8Array(readFileSync(join(folder, name))),
      expected: JSON.parse(readFileSync(join(folder, name.replace(".parquet", ".json")), "utf8")) as Expected,
    }));

  it("are read quickly to the last bit as pyarrow and the large decoder read them", () => {
    expect(files.length).toBeGreaterThan(0.9 * FILES);
    let columns = 0;
    for (const { name, bytes, expected } of files) {
      const names = quickColumnNames(bytes);
      const wanted = (one: string) => names.includes(one);
      const quick = quickContent(bytes, wanted)!;
      if (names.length === 0) continue;
      expect(differenceOf(quick, fullContent(bytes, wanted) as Content), name).toBeNull();
      expect(quick.rowCount, name).toBe(expected.rows);
      for (const one of names) expect(entriesOf(quick, one), `${name}, ${one}`).toEqual(expected.columns[one]);
      columns += names.length;
    }
    expect(columns).toBeGreaterThan(FILES);
  });

  it("are read as the large decoder reads them where the files are damaged", () => {
    let compared = 0;
    files.forEach(({ name, bytes }, i) => {
      for (let round = 0; round < DAMAGED_EACH; round++) {
        const dice = diceOf(SEED + DAMAGED_EACH * i + round);
        const damaged = damage("parquet", bytes, { dice, other: files[dice(files.length)]!.bytes });
        const names = quickColumnNames(damaged.bytes);
        const wanted = (one: string) => names.includes(one);
        const quick = names.length === 0 ? null : quickContent(damaged.bytes, wanted);
        const full = quick === null ? "" : fullContent(damaged.bytes, wanted);
        // It refuses a file for the other columns too.
        if (typeof full === "string") continue;
        expect(differenceOf(quick!, full), `${name}, ${damaged.how}, round ${round}`).toBeNull();
        compared++;
      }
    });
    expect(compared).toBeGreaterThan(20);
  });
});
