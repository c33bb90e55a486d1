import { randomBytes } from "node:crypto";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { localStorage } from "../../../src/io/storage/local-storage.ts";
import { joinNeighbours, ObjectPieces } from "../../../src/io/storage/object-pieces.ts";
import { scratch } from "../../support/run.ts";

describe("ranges are joined", () => {
  it("where they touch, or little lies between them", () => {
    const ranges = [
      { start: 2000, end: 3000 },
      { start: 0, end: 1000 },
      { start: 1000, end: 1500 },
      { start: 3050, end: 4000 },
    ];
    expect(joinNeighbours(ranges)).toEqual([
      { start: 0, end: 1500 },
      { start: 2000, end: 4000 },
    ]);
    expect(joinNeighbours([])).toEqual([]);
    expect(joinNeighbours([{ start: 5, end: 5 }])).toEqual([]);
  });

  it("so that all are covered, none overlaps, and no more than a twentieth is wasted", () => {
    const gapAndLength = fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 5000 }));
    fc.assert(
      fc.property(
        fc.array(gapAndLength, { minLength: 1, maxLength: 60 }),
        fc.infiniteStream(fc.nat()),
        (shapes, order) => {
          let at = 0;
          const ranges = shapes.map(([gap, length]) => {
            const start = at + gap;
            at = start + length;
            return { start, end: at };
          });
          const shuffled = ranges
            .map((range) => ({ range, by: order.next().value as number }))
            .sort((a, b) => a.by - b.by);
          const joined = joinNeighbours(shuffled.map(({ range }) => range));
          for (const { start, end } of ranges)
            expect(joined.some((range) => range.start <= start && end <= range.end)).toBe(true);
          expect(joined.slice(1).every(({ start }, i) => start >= joined[i]!.end)).toBe(true);
          const sum = (all: { start: number; end: number }[]) =>
            all.reduce((total, { start, end }) => total + end - start, 0);
          expect(sum(joined)).toBeLessThanOrEqual(1.05 * sum(ranges));
        },
      ),
    );
  });
});

describe("pieces of a file", () => {
  const make = async () => {
    const path = join(scratch(), "file");
    const bytes = randomBytes(10_000);
    await localStorage.write(path, bytes);
    const { version, sizeBytes } = (await localStorage.stat(path))!;
    return { bytes, pieces: new ObjectPieces({ path, sizeBytes, version }) };
  };

  it("are put together where they touch, and are fetched once", async () => {
    const { bytes, pieces } = await make();
    await pieces.fetch([{ start: 9000, end: 10_000 }]);
    await pieces.fetch([{ start: 8000, end: 9500 }]);
    expect(pieces.fetched).toEqual({ bytes: 2000, requests: 2 });
    expect(Buffer.from(pieces.read(8500, 9800))).toEqual(bytes.subarray(8500, 9800));
    await pieces.fetch([{ start: 8100, end: 9900 }]);
    expect(pieces.fetched.requests).toBe(2);
  });

  it("that were not fetched are not made up, unless that is asked for", async () => {
    const { bytes, pieces } = await make();
    await pieces.fetch([
      { start: 0, end: 10 },
      { start: 5000, end: 5010 },
    ]);
    expect(() => pieces.read(5, 15)).toThrow(RangeError);
    expect(() => pieces.read(4990, 5005)).toThrow(RangeError);
    const around = pieces.readAround(5, 5010);
    expect(Buffer.from(around.subarray(0, 5))).toEqual(bytes.subarray(5, 10));
    expect(Buffer.from(around.subarray(4995))).toEqual(bytes.subarray(5000, 5010));
    expect(around.subarray(5, 4995).every((byte) => byte === 0)).toBe(true);
  });

  it("are let go of", async () => {
    const { pieces } = await make();
    await pieces.fetch([
      { start: 0, end: 100 },
      { start: 5000, end: 5010 },
    ]);
    pieces.dropBefore(100);
    expect(() => pieces.read(0, 100)).toThrow(RangeError);
    expect(pieces.read(5000, 5010)).toHaveLength(10);
  });
});
