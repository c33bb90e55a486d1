import { expect, it } from "vitest";
import { settleOptions } from "../../src/run/run-options.ts";

const GIVEN = { model: "m", data: ["d"] };

it("refuses events of a data set in an object store, and says how to have them", () => {
  const output = "s3://fleet/scored/";
  expect(() => settleOptions({ ...GIVEN, output, events: true })).toThrow(
    "--events: a data set in an object store (s3://fleet/scored/); expected an output that is one file",
  );
  expect(settleOptions({ ...GIVEN, output }).events).toBe(false);
  expect(settleOptions({ ...GIVEN, output: "s3://fleet/scored.parquet", events: true }).events).toBe(true);
  expect(settleOptions({ ...GIVEN, output: "scored/", events: true }).events).toBe(true);
});

it("refuses a quarantine and a profile in an object store", () => {
  for (const option of ["quarantineDirectory", "profile"] as const)
    expect(() => settleOptions({ ...GIVEN, output: "out.parquet", [option]: "s3://fleet/x" })).toThrow(
      "expected a place on this machine",
    );
});
