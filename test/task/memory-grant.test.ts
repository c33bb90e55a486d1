import { describe, expect, it } from "vitest";
import { MemoryGrant, MemoryNeeded } from "../../src/task/memory-grant.ts";

describe("MemoryGrant", () => {
  it("refuses a file that needs more than was granted, and asks for that much where more can be had", () => {
    const grant = new MemoryGrant({ bytes: 100, isAll: false });
    grant.take("small", 100);
    grant.checkEnough();
    expect(() => grant.take("large", 101)).toThrow(/large: a file that needs about 1 MiB/);
    expect(() => grant.checkEnough()).toThrow(MemoryNeeded);
    expect(grant.refused).toBe(101);
  });

  it("asks for no more where all was granted", () => {
    const grant = new MemoryGrant({ bytes: 100, isAll: true });
    expect(() => grant.take("large", 101)).toThrow(/OUT_OF_MEMORY|needs about/);
    grant.checkEnough();
  });

  it("never asks for what is no number", () => {
    const grant = new MemoryGrant({ bytes: 100, isAll: false });
    grant.take("damaged", Number.NaN);
    grant.checkEnough();
    expect(grant.refused).toBeNull();
  });
});
