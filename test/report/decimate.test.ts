import { describe, expect, it } from "vitest";
import { decimate } from "../../src/report/decimate.ts";

const wave = (count: number) => ({
  times: Array.from({ length: count }, (_, i) => i * 10),
  values: Array.from({ length: count }, (_, i) => Math.sin(i / 7) + (i === 4321 ? 50 : 0) - (i === 1234 ? 50 : 0)),
});

describe("thinning a line", () => {
  it("keeps every point of a line that is short enough", () => {
    const { times, values } = wave(100);
    expect(decimate({ times, values }, { most: 100, gap: 15 })).toEqual(times.map((time, i) => [time, values[i]]));
  });

  it("keeps the greatest and the least value, and the order", () => {
    const points = decimate(wave(10_000), { most: 200, gap: 15 });
    expect(points.length).toBeLessThanOrEqual(202);
    const values = points.map(([, value]) => value!);
    expect([Math.max(...values), Math.min(...values)]).toEqual([Math.sin(4321 / 7) + 50, Math.sin(1234 / 7) - 50]);
    expect(points.every(([time], i) => i === 0 || time > points[i - 1]![0])).toBe(true);
  });

  it("puts a null where samples are missing, and bridges nothing", () => {
    const times = [0, 10, 20, 100, 110];
    expect(decimate({ times, values: [1, 2, 3, 4, 5] }, { most: 100, gap: 15 })).toEqual([
      [0, 1],
      [10, 2],
      [20, 3],
      [60, null],
      [100, 4],
      [110, 5],
    ]);
    const long = wave(5000);
    const broken = { times: long.times.map((time) => (time > 20_000 ? time + 5000 : time)), values: long.values };
    const points = decimate(broken, { most: 100, gap: 15 });
    expect(points.filter(([, value]) => value === null)).toEqual([[22_505, null]]);
  });

  it("makes nothing of nothing", () => {
    expect(decimate({ times: [], values: [] }, { most: 10, gap: 1 })).toEqual([]);
  });
});
