import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { detector, fixture, scratch } from "../support/run.ts";
import { python } from "./python.ts";

describe("the Python peers of the benchmark give the reference's answers", () => {
  it.each(["expert", "natural"])("%s.py", (peer) => {
    const output = join(scratch(), `${peer}.parquet`);
    python(`bench/peers/${peer}.py`, [
      "--model",
      detector("1.0.0"),
      "--data",
      fixture("data/raw"),
      "--output",
      output,
      "--workers",
      "2",
    ]);
    const golden = fixture("golden/raw-1.0.0.parquet");
    expect(python("bench/peers/agree.py", ["--model", detector("1.0.0"), golden, output])).toBeDefined();
    expect(() =>
      python("bench/peers/agree.py", ["--model", detector("1.0.0"), fixture("golden/raw-1.1.0.parquet"), output]),
    ).toThrow();
  });
});
