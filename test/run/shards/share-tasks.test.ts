import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shareTasks } from "../../../src/run/shards/share-tasks.ts";

const COSTS = fc.array(fc.nat(1000), { maxLength: 60 });

describe("shareTasks", () => {
  it("gives every task to one shard, none more to do than another by more than the costliest task", () => {
    fc.assert(
      fc.property(COSTS, fc.integer({ min: 1, max: 20 }), (costs, shards) => {
        const shardOf = shareTasks(costs, shards);
        expect(shardOf).toHaveLength(costs.length);
        const loads = Array.from({ length: shards }, () => 0);
        for (const [task, shard] of shardOf.entries()) loads[shard - 1]! += costs[task]!;
        expect(loads.every(Number.isInteger)).toBe(true);
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(Math.max(0, ...costs));
      }),
    );
  });

  it("deals the costly tasks out first, each to who has least, of equals to the first", () => {
    expect(shareTasks([7, 7, 6, 6, 5, 4, 4, 4, 4, 4], 3)).toEqual([1, 2, 3, 3, 1, 2, 2, 1, 3, 2]);
  });
});
