import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { MemoryGate } from "../../../src/run/engines/memory-gate.ts";

/** Names of those that were let in, in their order. */
function arrivals(gate: MemoryGate) {
  const names: string[] = [];
  return {
    names,
    ask: (name: string, bytes: number) => void gate.enter(bytes).then(() => names.push(name)),
  };
}

it("lets in what fits, and what waits once there is room", async () => {
  const gate = new MemoryGate(100);
  const { names, ask } = arrivals(gate);
  ask("a", 60);
  ask("b", 40);
  ask("c", 10);
  await turn();
  expect(names).toEqual(["a", "b"]);
  gate.leave(40);
  await turn();
  expect(names).toEqual(["a", "b", "c"]);
});

it("lets no small one pass a large one that waits", async () => {
  const gate = new MemoryGate(100);
  const { names, ask } = arrivals(gate);
  ask("a", 60);
  ask("large", 90);
  ask("small", 10);
  await turn();
  expect(names).toEqual(["a"]);
  gate.leave(60);
  await turn();
  expect(names).toEqual(["a", "large", "small"]);
});

it("gives all there is to one that asks for more", async () => {
  const gate = new MemoryGate(100);
  expect(await gate.enter(250)).toBe(100);
  const { names, ask } = arrivals(gate);
  ask("next", 1);
  await turn();
  expect(names).toEqual([]);
  gate.leave(100);
  await turn();
  expect(names).toEqual(["next"]);
});

it("holds nobody back without a limit", async () => {
  const gate = new MemoryGate(Number.POSITIVE_INFINITY);
  expect(await Promise.all([gate.enter(2 ** 50), gate.enter(2 ** 50)])).toEqual([2 ** 50, 2 ** 50]);
});
