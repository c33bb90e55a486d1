import { describe, expect, it } from "vitest";
import { parseShard } from "../../../src/run/shards/shard-flag.ts";

/** An array as Slurm tells its members of it. */
function slurm(id: number, { min = 0, max = 6, count = 7, step = 1 } = {}): Record<string, string> {
  const facts = { ID: id, MIN: min, MAX: max, COUNT: count, STEP: step };
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [`SLURM_ARRAY_TASK_${name}`, String(value)]));
}

describe("parseShard", () => {
  it.each([
    ["1/1", {}, 1, 1],
    ["7/7", {}, 7, 7],
    ["auto", slurm(0), 1, 7],
    ["auto", slurm(7, { min: 1, max: 7 }), 7, 7],
    ["auto", slurm(14, { min: 10, max: 16, count: 4, step: 2 }), 3, 4],
    ["auto/7", slurm(6, { min: 6, max: 6, count: 1 }), 7, 7],
    ["auto/7", slurm(2, { min: 2, max: 5, count: 2 }), 3, 7],
    ["auto/3", { JOB_COMPLETION_INDEX: "0" }, 1, 3],
    ["auto", { AWS_BATCH_JOB_ARRAY_INDEX: "9", AWS_BATCH_JOB_ARRAY_SIZE: "10" }, 10, 10],
    ["auto/10", { AWS_BATCH_JOB_ARRAY_INDEX: "4" }, 5, 10],
  ])("takes %s with %o as shard %i of %i", (text, env, index, count) => {
    expect(parseShard(text, env)).toEqual({ index, count });
  });

  it.each([
    ["3", {}, /expected I\/N such as 3\/7/],
    ["0/7", {}, /expected 1\/7 to 7\/7/],
    ["8/7", {}, /expected 1\/7 to 7\/7/],
    ["1/0", {}, /with N from 1/],
    ["auto", {}, /no array job; expected one of SLURM_ARRAY_TASK_ID/],
    ["auto", { JOB_COMPLETION_INDEX: "1" }, /without the number of all; expected auto\/N/],
    ["auto", slurm(3, { min: 0, max: 6, count: 3 }), /array with holes.*auto\/N/],
    ["auto/7", slurm(7, { min: 1, max: 7 }), /place 7 from 0.*--array=0-6/],
    ["auto/8", { AWS_BATCH_JOB_ARRAY_INDEX: "1", AWS_BATCH_JOB_ARRAY_SIZE: "7" }, /an array of 7/],
    ["auto/7", { ...slurm(1), JOB_COMPLETION_INDEX: "1" }, /at once/],
  ])("refuses %s with %o", (text, env, message) => {
    expect(() => parseShard(text, env)).toThrow(message);
  });
});
