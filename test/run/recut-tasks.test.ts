import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { InputFile } from "../../src/io/input-file.ts";
import { cutTasks } from "../../src/run/cut-tasks.ts";
import { recutTasks } from "../../src/run/recut-tasks.ts";

function file(path: string, sizeBytes = 1000, more: Partial<InputFile> = {}): InputFile {
  return { path, name: path, sizeBytes, modifiedNs: "1", format: "parquet", sidecarStamp: null, ...more };
}

const paths = (groups: InputFile[][]) => groups.map((group) => group.map(({ path }) => path));
const usable = (...files: InputFile[]) => ({ files, unusable: null });

describe("cutTasks", () => {
  it("keeps every file, in order, in groups of neighbours of about the same bytes", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 80 << 20 }), { maxLength: 300 }), (sizes) => {
        const files = sizes.map((size, i) => file(String(i), size));
        const groups = cutTasks(files);
        expect(groups.flat()).toEqual(files);
        const total = sizes.reduce((a, b) => a + b, 0);
        for (const group of groups)
          if (group.length > 1)
            expect(group.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBeLessThan(
              Math.max(512 << 10, total / 20),
            );
      }),
    );
  });
});

describe("recutTasks", () => {
  const [a, b, c, d] = ["a", "b", "c", "d"].map((path) => file(path)) as [InputFile, InputFile, InputFile, InputFile];

  it("keeps groups whose files are as they were, and cuts the rest around them", () => {
    const { groups, dropped } = recutTasks([a, b, c, d], [usable(b, c)]);
    expect([paths(groups), dropped]).toEqual([[["a"], ["b", "c"], ["d"]], []]);
  });

  it.each<[string, InputFile[], RegExp]>([
    ["is gone", [a, c], /^b is gone$/],
    ["has another size", [a, file("b", 999), c], /^b has changed$/],
    ["has another time", [a, file("b", 1000, { modifiedNs: "2" }), c], /^b has changed$/],
    ["has another sidecar", [a, file("b", 1000, { sidecarStamp: "1:1" }), c], /^b has changed$/],
    ["has a new neighbour", [a, file("aa"), b, c], /^aa is new among its files$/],
  ])("drops a group of which a file %s, and says so", (_, files, why) => {
    const { groups, dropped } = recutTasks(files, [usable(a, b), usable(c)]);
    expect(paths(groups).at(-1)).toEqual(["c"]);
    expect(groups.flat()).toEqual(files);
    expect(dropped.map((one) => one.why)).toEqual([expect.stringMatching(why)]);
  });

  it("drops a group that is not to be used", () => {
    expect(recutTasks([a, b], [{ files: [a, b], unusable: "a failed" }]).dropped).toEqual([
      { files: [a, b], why: "a failed" },
    ]);
  });

  it("keeps every file, in order, whatever came before", () => {
    fc.assert(
      fc.property(
        fc.subarray([..."abcdefghijkl"]),
        fc.subarray([..."abcdefghijkl"]),
        fc.integer({ min: 1, max: 4 }),
        (before, now, size) => {
          const earlier = [];
          for (let i = 0; i < before.length; i += size)
            earlier.push(usable(...before.slice(i, i + size).map((path) => file(path))));
          const { groups, dropped } = recutTasks(
            now.map((path) => file(path)),
            earlier,
          );
          expect(paths(groups).flat()).toEqual(now);
          expect(groups.length).toBeGreaterThanOrEqual(earlier.length - dropped.length);
        },
      ),
    );
  });
});
