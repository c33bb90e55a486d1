import { expect, it } from "vitest";
import { boundedInstants, boundedNumbers } from "../../src/results/parquet/encoded-values.ts";

it.each([
  ["one after the other", [[-5n, 3n, 2n ** 40n]], [-5n, 2n ** 40n]],
  ["falling, where only the low half tells", [[2n ** 32n - 1n, 5n, 7n]], [5n, 2n ** 32n - 1n]],
  ["falling, where only the high half tells", [[2n ** 33n, 1n]], [1n, 2n ** 33n]],
  ["below zero", [[-1n, -(2n ** 40n)]], [-(2n ** 40n), -1n]],
  ["equal", [[4n, 4n]], [4n, 4n]],
  ["in several parts, the later one earlier", [[9n, 10n], [], [1n, 2n]], [1n, 10n]],
])("the bounds of instants %s are the first and the last of all", (_, parts, [min, max]) => {
  const { bounds, bytes } = boundedInstants(parts.map((part) => BigInt64Array.from(part)));
  expect(bounds).toEqual({ min_value: min, max_value: max });
  expect(new BigInt64Array(bytes.buffer)).toEqual(BigInt64Array.from(parts.flat()));
});

it("the bounds of numbers are the least and the greatest, with the zero that may stand for both", () => {
  expect(boundedNumbers([Float32Array.of(2, -1), Float32Array.of(3)]).bounds).toEqual({ min_value: -1, max_value: 3 });
  expect(boundedNumbers([Float32Array.of(0, 0)]).bounds).toEqual({ min_value: -0, max_value: 0 });
});
