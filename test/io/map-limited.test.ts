import { describe, expect, test } from "vitest";
import { mapLimited } from "../../src/io/map-limited.ts";

describe("work of which only so much is under way at once", () => {
  test("gives its results in the order of the items, and keeps the limit", async () => {
    let running = 0;
    let most = 0;
    const results = await mapLimited([5, 1, 4, 2, 3], 2, async (milliseconds) => {
      most = Math.max(most, ++running);
      await new Promise((done) => setTimeout(done, milliseconds));
      running--;
      return milliseconds * 10;
    });
    expect(results).toEqual([50, 10, 40, 20, 30]);
    expect(most).toBe(2);
  });

  test("ends with the first rejection, and with nothing to do at once", async () => {
    await expect(mapLimited([1, 2], 2, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await mapLimited([], 3, () => Promise.resolve(1))).toEqual([]);
  });
});
