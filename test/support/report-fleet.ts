import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AggregateSummary } from "../../src/aggregate/aggregate.ts";
import type { Summary } from "../../src/results/summary.ts";
import { detector, run } from "./run.ts";

/** A scored fleet with its report, and the numbers that other commands give of it. */
export interface ReportedFleet {
  folder: string;
  results: string;
  page: string;
  summary: Summary;
  aggregate: AggregateSummary;
}

/** Makes a small fleet with failing files, scores it in `folder` and has its report made by the run. */
export async function reportFleet(
  folder: string,
  { aircraft = 4, days = 6, minutes = 8 } = {},
): Promise<ReportedFleet> {
  const results = join(folder, "results.parquet");
  const size = ["--aircraft", `${aircraft}`, "--days", `${days}`, "--minutes", `${minutes}`];
  await run(["make-fleet", "--output", join(folder, "fleet"), "--with-faulty", ...size], { cwd: folder });
  const scoring = ["--model", detector("1.0.0"), "--data", join(folder, "fleet/raw"), "--output", results];
  const { code, stderr } = await run(["run", ...scoring, "--report"], { cwd: folder });
  if (code !== 1) throw new Error(`the run ended with ${code}: ${stderr}`);
  const json = join(folder, "aggregate.json");
  await run(["aggregate", "--input", results, "--output", json, "--trend", "day"], { cwd: folder });
  return {
    folder,
    results,
    page: join(folder, "results.run/report.html"),
    summary: JSON.parse(readFileSync(join(folder, "results.run/summary.json"), "utf8")) as Summary,
    aggregate: JSON.parse(readFileSync(json, "utf8")) as AggregateSummary,
  };
}
