import { describe, expect, it } from "vitest";
import { partitionFolder } from "../../src/dataset/partition.ts";
import { query } from "../support/read-parquet.ts";

/** The part of the folder's name that stands for the aircraft. */
function nameOf(aircraftId: string): string {
  return partitionFolder({ date: "2025-10-12", aircraftId }).replace("date=2025-10-12/aircraft_id=", "");
}

describe("partitionFolder", () => {
  it.each([
    ["AC001", "AC001"],
    ["007", "007"],
    ["D-AIBL_2.b", "D-AIBL_2.b"],
    ["a b/c%=d", "a%20b%2Fc%25%3Dd"],
    ["x:y+z~(!*'?)", "x%3Ay%2Bz%7E%28%21%2A%27%3F%29"],
    ["..", ".."],
    ["é 飛", "é%20飛"],
    ["\n\u0000", "%0A%00"],
    ["", "__HIVE_DEFAULT_PARTITION__"],
    ["a\ud800b", "a\ufffdb"],
    ["𝄞", "𝄞"],
  ])("names the folder of %j so that readers find it again", (id, name) => {
    expect(nameOf(id)).toBe(name);
  });

  it("cuts a value that no file system would take, and keeps two of them apart", () => {
    const [a, b] = [nameOf(`${"/".repeat(300)}a`), nameOf(`${"/".repeat(300)}b`)];
    expect(Buffer.byteLength(a)).toBeLessThan(255);
    expect(a).not.toBe(b);
  });

  it("says what DuckDB reads out of such a name", async () => {
    const ids = ["AC001", "a b/c%=d", "x:y+z~(!*'?)", "é 飛"];
    for (const id of ids) {
      const [row] = await query(
        `SELECT parse_path('${partitionFolder({ date: "2025-10-12", aircraftId: id }).replaceAll("'", "''")}')[2] AS name`,
      );
      expect(decodeURIComponent(String(row!.name).replace("aircraft_id=", ""))).toBe(id);
    }
  });
});
