import { expect, it } from "vitest";
import { formatInstant, formatNumber } from "../../src/page/number-format.ts";

it("writes numbers, shares and units", () => {
  expect(formatNumber(1234567.891)).toBe("1,234,567.89");
  expect(formatNumber(0.3256, { style: "percent" })).toBe("32.6%");
  expect(formatNumber(1, { style: "percent", digits: 0 })).toBe("100%");
  expect(formatNumber(6.25, { style: "number", digits: 1, unit: "h" })).toBe("6.3 h");
  expect(formatNumber(0, { style: "percent" })).toBe("0.0%");
});

it("lets nothing that is more or less than 0 read as 0, and no number as a number", () => {
  expect(formatNumber(0.0001, { style: "percent" })).toBe("under 0.1%");
  expect(formatNumber(-0.0004)).toBe("over -0.01");
  expect(formatNumber(null)).toBe("-");
  expect(formatNumber(Number.NaN)).toBe("-");
  expect(formatNumber(Number.POSITIVE_INFINITY)).toBe("-");
});

it("writes instants in UTC", () => {
  expect(formatInstant(Date.UTC(2025, 9, 6, 14, 3, 5))).toBe("2025-10-06 14:03:05");
  expect(formatInstant(Number.NaN)).toBe("-");
});
