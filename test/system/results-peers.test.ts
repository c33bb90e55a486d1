import { expect, it } from "vitest";
import { benchResults } from "../../bench/results/run.ts";
import { scratch } from "../support/run.ts";
import { PYTHON } from "./python.ts";

it("pandas and polars come to the same summary and the same comparison", async () => {
  const size = ["--rows", "200000", "--repeats", "1"];
  expect(await benchResults([...size, "--python", PYTHON, "--cache", scratch()])).toBe(0);
});
