import { describe, expect, it } from "vitest";
import { Fault } from "../../src/faults/fault.ts";
import { filesMemory, memorySize, planMemory } from "../../src/run/memory-plan.ts";

const MIB = 2 ** 20;

function faultOf(act: () => unknown): Fault {
  try {
    act();
  } catch (error) {
    if (error instanceof Fault) return error;
  }
  throw new Error("no fault");
}

describe("a size of memory", () => {
  it.each([
    ["2GiB", 2 ** 31],
    ["2 GiB", 2 ** 31],
    ["1.5gb", 1.5e9],
    ["800MiB", 800 * MIB],
    ["800MB", 8e8],
    ["2000000KiB", 2e6 * 1024],
    ["2000000kB", 2e9],
    ["1TiB", 2 ** 40],
    [123456789, 123456789],
  ])("%s is %d bytes", (text, bytes) => {
    expect(memorySize(text)).toBe(bytes);
  });

  it.each(["2", "2G", "GiB", "-1GiB", "2GiB ", "1e3MB", "", 0, -5, Number.NaN, Number.POSITIVE_INFINITY])(
    "%o is none",
    (text) => {
      expect(faultOf(() => memorySize(text)).detail).toMatchObject({ code: "USAGE", path: "--memory-limit" });
    },
  );
});

describe("a limit of memory", () => {
  it("lets as many workers run as fit into it", () => {
    expect(planMemory("2GiB", 4).workers).toBe(4);
    expect(planMemory("2GiB", 64).workers).toBe(8);
    expect(planMemory("2GiB", 64).warnings).toEqual(["2048 MiB of memory are for 8 workers, not for 64"]);
    expect(planMemory("64GiB", 64)).toMatchObject({ workers: 64, warnings: [] });
  });

  it("is never handed out twice: what the files may take is what coordinator and workers leave", () => {
    for (const workers of [1, 3, 8]) {
      const plan = planMemory("2GiB", workers);
      expect(plan.filesBytes + plan.workers * 128 * MIB + 96 * MIB).toBe(plan.limitBytes);
    }
  });

  it("is taken up by inputs, too, where there are very many", () => {
    const plan = planMemory("2GiB", 2);
    expect(filesMemory(plan, 100_000)).toBe(plan.filesBytes - 100_000 * 3584);
    expect(filesMemory(planMemory("400MiB", 1), 1_000_000)).toBe(96 * MIB);
  });

  it("that no worker fits into is refused, with the smallest that one does", () => {
    const { detail } = faultOf(() => planMemory("300MiB", 2));
    expect(detail).toMatchObject({ code: "USAGE", found: "300MiB" });
    const smallest = /at least (\d+MiB)/.exec(detail.expected)![1]!;
    expect(planMemory(smallest, 2).workers).toBe(1);
  });

  it("is set by the machine where nobody sets one, and then never refused", () => {
    const plan = planMemory(undefined, 1);
    expect(plan).toMatchObject({ isGiven: false, workers: 1 });
    expect(plan.limitBytes).toBeGreaterThan(0);
  });
});
