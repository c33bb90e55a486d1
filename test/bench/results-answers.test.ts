import { expect, test } from "vitest";
import { disagreements, flatten } from "../../bench/results/answers.ts";

const ANSWER = { total: 100, rate: 0.1, interval: [0.08, 0.12], by: { AC1: { ks: 0.5 } } };

test("answers that are the same but for rounding agree", () => {
  const near = { ...ANSWER, rate: 0.1 + 1e-9 };
  expect(disagreements(flatten(ANSWER), flatten(near))).toEqual([]);
});

test("intervals of other draws agree within a part of their width, and no further", () => {
  const with_ = (interval: number[]) => disagreements(flatten(ANSWER), flatten({ ...ANSWER, interval }));
  expect(with_([0.082, 0.121])).toEqual([]);
  expect(with_([0.08, 0.15])).toEqual(["interval.1: 0.12 and 0.15"]);
});

test("another number, or one that only one has, is named", () => {
  const other = { ...ANSWER, total: 101, by: {} };
  expect(disagreements(flatten(ANSWER), flatten(other))).toEqual([
    "total: 100 and 101",
    "by.AC1.ks: 0.5 and undefined",
  ]);
});
