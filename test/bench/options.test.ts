import { expect, test } from "vitest";
import { CONTENDERS, DEFAULT_FLEETS, FULL_FLEETS, parseBenchOptions, USUAL_CONTENDERS } from "../../bench/options.ts";

test("without flags two fleets are compared by the usual contenders", () => {
  const options = parseBenchOptions([]);
  expect(options).toMatchObject({ fleets: DEFAULT_FLEETS, data: null, repeats: 3, only: USUAL_CONTENDERS, json: null });
  expect(options.workers).toBeGreaterThanOrEqual(1);
});

test("a fleet's flags make one fleet, the rest of it by default", () => {
  expect(parseBenchOptions(["--rate", "100"]).fleets).toEqual([{ flights: 60, seconds: 5005, rateHz: 100 }]);
  const all = parseBenchOptions(["--flights", "500", "--seconds", "600", "--rate", "10"]);
  expect(all.fleets).toEqual([{ flights: 500, seconds: 600, rateHz: 10 }]);
});

test("the fleets of published figures are asked for by name", () => {
  expect(parseBenchOptions(["--full"]).fleets).toEqual(FULL_FLEETS);
});

test("contenders are picked by name", () => {
  expect(parseBenchOptions(["--only", "flightbatch, decode"]).only).toEqual(["flightbatch", "decode"]);
});

test("the engines take part where they are asked for", () => {
  expect(parseBenchOptions(["--peers"]).only).toEqual(CONTENDERS);
  expect(parseBenchOptions(["--peers", "--only", "polars"]).only).toEqual(["polars"]);
});

test.each([
  [["--flights", "0"], "--flights 0"],
  [["--workers", "1.5"], "--workers 1.5"],
  [["--repeats", "many"], "--repeats many"],
  [["--only", "expert,spark"], "--only spark"],
  [["--speed", "1"], "--speed"],
  [["500"], "500"],
])("%j is refused, and what was found is named", (args, found) => {
  expect(() => parseBenchOptions(args)).toThrow(found);
});
