import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { detector, fixture, scratch } from "../support/run.ts";
import { python } from "./python.ts";

describe("the Python peers of the benchmark give the reference's answers", () => {
  it.each(["expert", "natural"])("%s.py", (peer) => {
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
