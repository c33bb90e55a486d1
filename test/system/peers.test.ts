import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { detector, fixture, run, scratch } from "../support/run.ts";
import { python } from "./python.ts";

const PATHS = ["AC001_20251011_060000", "AC002_20251011_073000"].map(
  (name) => `engine_vibration/2025-10/${name}.parquet`,
);

/** Copies of two flights in which signals have gaps that are filled and such that are not, and values that cannot be. */
function flightsWithGaps(): string {
  const folder = scratch();
  const flights = PATHS.map((path) => fixture(`data/raw/${path}`));
  python("test/system/flights_with_gaps.py", [folder, ...flights]);
  return folder;
}

describe("the Python peers of the benchmark", () => {
  it("fill gaps and refuse values alike, and as flightbatch does", async () => {
    const [data, folder] = [flightsWithGaps(), scratch()];
    const common = ["--model", detector("1.0.0"), "--data", data, "--workers", "2"];
    const output = (name: string) => join(folder, `${name}.parquet`);
    const own = await run(["run", ...common, "--output", output("flightbatch"), "--quiet"], { cwd: folder });
    expect(own).toMatchObject({ code: 0 });
    for (const peer of ["natural", "expert", "polars_expr", "duckdb_sql"]) {
      python(`bench/peers/${peer}.py`, [...common, "--output", output(peer)]);
      const files = ["--expected", output("flightbatch"), "--actual", output(peer)];
      expect(python("bench/peers/agree.py", ["--model", detector("1.0.0"), ...files])).toMatch(/^(8|9)\d rows agree/);
    }
  });
});

describe("the Python peers of the benchmark give the reference's answers", () => {
  it.each(["expert", "natural", "polars_expr", "duckdb_sql"])("%s.py", (peer) => {
    const output = join(scratch(), `${peer}.parquet`);
    const common = ["--model", detector("1.0.0")];
    python(`bench/peers/${peer}.py`, [...common, "--data", fixture("data/raw"), "--output", output, "--workers", "2"]);
    const compare = (golden: string) =>
      python("bench/peers/agree.py", [
        ...common,
        "--expected",
        fixture(`golden/${golden}.parquet`),
        "--actual",
        output,
      ]);
    expect(compare("raw-1.0.0")).toBeDefined();
    expect(() => compare("raw-1.1.0")).toThrow();
  });
});
