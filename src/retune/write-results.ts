import { rmSync } from "node:fs";
import type { Database } from "../aggregate/database.ts";
import { usage } from "../aggregate/options.ts";
import { type ExplainedFile, explainedRowsSql } from "../eventfiles/explained-rows.ts";
import { commitFile, temporaryName } from "../io/atomic-write.ts";
import { sqlText } from "../results/duckdb.ts";
import { KIND_KEY } from "../results/parquet/write-chunks.ts";
import { type Decision, PHASE_SET } from "./decide-sql.ts";

/** @throws Fault `USAGE` for a name that does not end in `.parquet` */
export function checkResultsName(output: string): void {
  if (/[^/]\.parquet$/i.test(output)) return;
  throw usage(`--output ${output}`, {
    found: "a name with another ending",
    expected: "a file name that ends in .parquet",
    hint: "Results that were decided again are written as Parquet.",
  });
}

/** Writes the results as they are decided now: all rows of all files in their order, in the schema of results, whole or not at all. */
export async function writeResults(
  db: Database,
  output: string,
  {
    files,
    decision,
    model,
    sha256,
  }: { files: readonly ExplainedFile[]; decision: Decision; model: string | null; sha256: string },
): Promise<void> {
  const written = temporaryName(output);
  const rows = files.map((file) => rowsSql(file, decision)).join("\nUNION ALL\n");
  const metadata = {
    [KIND_KEY]: "results",
    ...(model === null ? {} : { "flightbatch.model": model }),
    "flightbatch.thresholds_sha256": sha256,
  };
  const pairs = Object.entries(metadata).map(([key, value]) => `${sqlText(key)}: ${sqlText(value)}`);
  try {
    rmSync(written, { force: true });
    await db.rows(`COPY (${rows}) TO ${sqlText(written)} (FORMAT parquet, KV_METADATA {${pairs.join(", ")}})`);
    commitFile(written, output);
  } finally {
    rmSync(written, { force: true });
  }
}

/** The latency is no part of a decision: it stays, where the file has it. */
function rowsSql(explained: ExplainedFile, { anomaly, severity }: Decision): string {
  const latency = explained.file.columns.includes("inference_latency_ms")
    ? "TRY_CAST(r.inference_latency_ms AS FLOAT)"
    : "NULL::FLOAT";
  const more = [`${latency} AS inference_latency_ms`];
  return `SELECT window_id, aircraft_id, flight_id, make_timestamp_ns(ns) AS "timestamp", score AS anomaly_score, ${anomaly} AS is_anomaly,
      ${severity} AS anomaly_severity, inference_latency_ms
    FROM (SELECT *, ${PHASE_SET} AS phase_set FROM (${explainedRowsSql(explained, { errors: false, more })}))`;
}
