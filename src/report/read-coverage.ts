import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Database } from "../aggregate/database.ts";
import type { FaultDetail } from "../faults/fault.ts";
import { sqlPath } from "../results/duckdb.ts";
import { MOST } from "./caps.ts";
import { asObject, numberAt, textAt } from "./json-file.ts";
import type { CoverageFacts } from "./model.ts";
import type { ReportSource } from "./source.ts";

/** What was looked at and what not, from what the run wrote of it. */
export async function readCoverage(db: Database, source: ReportSource): Promise<CoverageFacts> {
  const { summary, failuresPath, qualityPath } = source;
  return {
    summary: isSummary(summary) ? (summary as unknown as CoverageFacts["summary"]) : null,
    failures: failuresPath === null ? null : await readFailures(failuresPath),
    findings: qualityPath === null ? null : await readFindings(db, qualityPath),
  };
}

/** Whether it has what is used of it. */
function isSummary(value: unknown): boolean {
  const numbers = [
    ["coverage", "recorded_seconds"],
    ["coverage", "scored_seconds"],
    ["files", "total"],
    ["files", "scored"],
    ["files", "failed"],
    ["windows_of_grid"],
    ["windows_skipped"],
  ];
  const coverage = asObject(asObject(value)?.coverage);
  return numbers.every((keys) => numberAt(value, ...keys) !== null) && asObject(coverage?.not_scored_seconds) !== null;
}

/** Line by line: a night may fail as a whole. */
async function readFailures(path: string): Promise<CoverageFacts["failures"]> {
  const shown: FaultDetail[] = [];
  let total = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === "") continue;
    total++;
    if (shown.length < MOST.failures) shown.push(failureOf(line));
  }
  return { shown, total };
}

function failureOf(line: string): FaultDetail {
  const text = (value: unknown, key: string) => textAt(value, key) ?? "";
  let value: unknown = null;
  try {
    value = JSON.parse(line);
  } catch {
    value = { found: line };
  }
  const code = (textAt(value, "code") ?? "INTERNAL") as FaultDetail["code"];
  const words = { found: text(value, "found"), expected: text(value, "expected"), hint: text(value, "hint") };
  return { code, path: text(value, "path"), ...words };
}

async function readFindings(db: Database, path: string): Promise<CoverageFacts["findings"]> {
  const from = `read_parquet([${sqlPath(path)}], hive_partitioning = false)`;
  const rows = await db.rows(
    `SELECT path, "check", signal, example, count(*) OVER () AS total FROM ${from} LIMIT ${MOST.findings}`,
  );
  const shown = rows.map(({ path, check, signal, example }) => ({
    path: String(path),
    check: String(check),
    signal: signal === null ? null : String(signal),
    example: String(example ?? ""),
  }));
  return { shown, total: Number(rows[0]?.total ?? 0) };
}
