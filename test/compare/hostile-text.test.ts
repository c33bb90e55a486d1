import { beforeAll, describe, expect, it } from "vitest";
import { comparisonAsText } from "../../src/cli/compare-text.ts";
import { compareResults } from "../../src/compare/compare-results.ts";
import type { Comparison } from "../../src/compare/comparison.ts";
import { scratch } from "../support/run.ts";
import { type ResultRow, writeCsv, writeJson } from "./write-results.ts";

/** Ids as nobody should have them. */
const IDS = [
  `it's "quoted", with a comma`,
  "two\nlines\r\nand a tab\t",
  "\u001b[31mred\u001b]0;title\u0007",
  "</script><script>alert(1)</script>",
  "=1+1",
  "__proto__",
  "constructor",
  "right\u202eto left",
  "x".repeat(5000),
];

/** Each id is an aircraft, a flight and a window; B raises every one of them. */
function rows(score: number, ids = IDS): ResultRow[] {
  return ids.map((id) => ({
    aircraft: id,
    flight: id,
    window: id,
    score,
    severity: score > 3 ? 1 : 0,
    phase: "cruise",
    threshold: 3,
  }));
}

describe("ids of foreign origin", () => {
  let comparison: Comparison;
  beforeAll(async () => {
    const folder = scratch();
    const a = writeCsv(folder, "a.csv", [...rows(1), ...rows(1, ["only\u001b[2Jin a"])]);
    const b = writeJson(folder, "b.json", rows(9));
    comparison = await compareResults({ a, b, attribution: false });
  });

  it("are matched as they are, whatever the form of the files, and stand so in the JSON", () => {
    const { by_aircraft, top_windows, only_in_a } = JSON.parse(JSON.stringify(comparison)) as Comparison;
    expect(Object.keys(by_aircraft).sort()).toEqual([...IDS, "only\u001b[2Jin a"].sort());
    expect(
      top_windows.map(({ aircraft_id, flight_id, window_id }) => [aircraft_id, flight_id, window_id]).sort(),
    ).toEqual(IDS.map((id) => [id, id, id]).sort());
    expect(only_in_a.by_aircraft).toEqual({ "only\u001b[2Jin a": 1 });
    for (const id of IDS) expect(by_aircraft[id], id).toMatchObject({ windows: 1, normal_to_anomaly: 1 });
  });

  it("reach the terminal as one short piece of a line each", () => {
    const text = comparisonAsText(comparison);
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    expect(text).toContain("?[31mred?]0;title?");
    expect(text).toContain("Only in A: 1 window of 1 flight (only?[2Jin a 1)");
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThan(400);
    const lines = text.slice(text.indexOf("By aircraft")).split("\n");
    expect(lines.slice(2, lines.indexOf("")).length).toBe(IDS.length + 1);
  });
});
