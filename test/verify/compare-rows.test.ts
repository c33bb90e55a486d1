import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runSql } from "../../src/results/duckdb.ts";
import { RESULT_COLUMNS } from "../../src/results/parquet/columns.ts";
import { type Comparison, compareRows } from "../../src/verify/compare-rows.ts";
import { sample } from "../../src/verify/sample.ts";
import { scratch } from "../support/run.ts";

/** Window id, score, severity; the threshold of all is 1. */
type Row = [string, string, number];

async function write(folder: string, name: string, rows: Row[]): Promise<string> {
  const path = join(folder, name);
  const values = rows.map(([id, score, severity]) => `('${id}', ${score}::FLOAT, ${severity}::UTINYINT)`).join(", ");
  await runSql([
    `COPY (SELECT id AS window_id, 'A' AS aircraft_id, 'F' AS flight_id, TIMESTAMP_NS '2025-10-11 06:00:00' AS "timestamp", score AS anomaly_score,
       severity > 0 AS is_anomaly, severity AS anomaly_severity, 1.0::DOUBLE AS threshold FROM (VALUES ${values}) v (id, score, severity)) TO '${path}' (FORMAT parquet)`,
  ]);
  return path;
}

async function compare(was: Row[], now: Row[], more: Partial<Comparison> = {}) {
  const folder = scratch();
  const part = await write(folder, "now.parquet", now);
  const { counts, examples } = await compareRows({
    was: await write(folder, "was.parquet", was),
    ranges: [{ index: 4, was: [0, was.length], now: [0, now.length], part }],
    inPlace: true,
    columns: RESULT_COLUMNS.filter(({ element }) => element.name !== "inference_latency_ms"),
    tolerant: null,
    ...more,
  });
  return { ...counts.get(4)!, examples };
}

const TOLERANT = { tolerant: { severityScores: [1, 2, 3] } };

describe("comparing rows", () => {
  it("calls equal what has the same bits, and nothing else", async () => {
    const was: Row[] = [
      ["a", "0.1", 0],
      ["b", "0.0", 0],
      ["c", "1.5", 1],
      ["d", "'nan'", 0],
    ];
    const now: Row[] = [
      ["a", "0.1", 0],
      ["b", "-0.0", 0],
      ["c", "1.5", 2],
      ["d", "'nan'", 0],
    ];
    const { examples, ...counts } = await compare(was, now);
    expect(counts).toEqual({ equal: 2, close: 0, different: 2, onlyInResults: 0, onlyNow: 0 });
    expect(examples.map(({ windowId, values }) => [windowId, values])).toEqual([
      ["b", { anomaly_score: { was: "0.0", now: "-0.0" } }],
      ["c", { anomaly_severity: { was: "1", now: "2" } }],
    ]);
  });

  it("lets a decision differ within the tolerance of what decides, and nowhere else", async () => {
    const was: Row[] = [
      ["near", "0.99999", 0],
      ["second", "2.00001", 2],
      ["far", "1.5", 1],
      ["off", "1.5", 1],
      ["same", "1.5", 1],
    ];
    const now: Row[] = [
      ["near", "1.00001", 1],
      ["second", "1.99999", 1],
      ["far", "1.50001", 0],
      ["off", "1.501", 1],
      ["same", "1.50001", 1],
    ];
    const { examples, ...counts } = await compare(was, now, TOLERANT);
    expect(counts).toMatchObject({ equal: 0, close: 3, different: 2 });
    expect(examples.map(({ windowId }) => windowId)).toEqual(["far", "off"]);
  });

  it("pairs rows of one id in their order, and counts those that are on one side only", async () => {
    const was: Row[] = [
      ["a", "1.5", 1],
      ["a", "2.5", 2],
      ["b", "1.5", 1],
    ];
    const now: Row[] = [
      ["a", "1.5", 1],
      ["a", "2.5", 2],
      ["a", "1.5", 1],
      ["c", "1.5", 1],
    ];
    expect(await compare(was, now)).toMatchObject({ equal: 2, different: 0, onlyInResults: 1, onlyNow: 2 });
  });

  it("finds rows by their ids where they are not in their place", async () => {
    const was: Row[] = [
      ["x", "1.5", 1],
      ["a", "1.5", 1],
    ];
    const moved = await compare(
      was,
      [
        ["a", "1.5", 1],
        ["b", "1.5", 1],
      ],
      { inPlace: false },
    );
    expect(moved).toMatchObject({ equal: 1, onlyNow: 1, onlyInResults: 0 });
  });
});

describe("a sample", () => {
  it("has different numbers in order, the same for a seed, and all where there are no more", () => {
    const chosen = sample(1000, 20, 7);
    expect(new Set(chosen).size).toBe(20);
    expect(chosen).toEqual([...chosen].sort((a, b) => a - b));
    expect(chosen.every((n) => n >= 0 && n < 1000)).toBe(true);
    expect(sample(1000, 20, 7)).toEqual(chosen);
    expect(sample(1000, 20, 8)).not.toEqual(chosen);
    expect(sample(3, 20, 7)).toEqual([0, 1, 2]);
  });

  it("takes each number about as often as any other", () => {
    const taken = new Array(50).fill(0);
    for (let seed = 0; seed < 4000; seed++) for (const n of sample(50, 5, seed)) taken[n]++;
    // 400 of each are expected; six standard deviations are 114.
    expect(Math.min(...taken)).toBeGreaterThan(286);
    expect(Math.max(...taken)).toBeLessThan(514);
  });
});
