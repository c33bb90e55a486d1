import { expect, test } from "vitest";
import { median, ratiosOf, scoreOf, type Trial } from "../../bench/statistics.ts";
import { ratioTable, scoreTable } from "../../bench/tables.ts";

test.each([
  [[7], 7],
  [[10, 9, 100], 10],
  [[4, 1, 100, 2], 3],
])("the median of %j is %d", (values, expected) => {
  expect(median(values)).toBe(expected);
});

const trial = (name: string, walls: number[], changes: Partial<Trial> = {}): Trial => ({
  name,
  files: 10,
  windows: 1000,
  timings: walls.map((wallSeconds) => ({ wallSeconds, cpuSeconds: 2 * wallSeconds })),
  startSeconds: [],
  peakBytes: 500e6,
  ...changes,
});

test("the best and the median run of a trial become rates and costs", () => {
  expect(scoreOf(trial("ours", [4, 2, 5]))).toEqual({
    name: "ours",
    windowsPerSecond: { best: 500, median: 250 },
    filesPerSecond: { best: 5, median: 2.5 },
    cpuSecondsPerFile: { best: 0.4, median: 0.8 },
    peakBytes: 500e6,
    startSeconds: null,
    afterStart: null,
  });
});

test("a ratio is ours by the peer's: twice the files in the same time are 2", () => {
  const ours = scoreOf(trial("ours", [2, 3], { peakBytes: 250e6 }));
  const peers = [scoreOf(trial("slow", [4])), scoreOf(trial("blind", [1], { peakBytes: null }))];
  expect(ratiosOf(ours, peers)).toEqual([
    { peer: "slow", throughput: 2, afterStart: null, cpu: 0.5, memory: 0.5 },
    { peer: "blind", throughput: 0.5, afterStart: null, cpu: 2, memory: null },
  ]);
});

test("without its start a run is shorter by the shortest start", () => {
  const score = scoreOf(trial("ours", [4, 2, 5], { startSeconds: [1.2, 1, 1.5] }));
  expect(score.startSeconds).toEqual({ best: 1, median: 1.2 });
  expect(score.afterStart).toEqual({ filesPerSecond: 10, windowsPerSecond: 1000 });
  const peer = scoreOf(trial("peer", [5], { startSeconds: [1] }));
  expect(ratiosOf(score, [peer])[0]).toMatchObject({ throughput: 2.5, afterStart: 4 });
});

test("of a run that is next to nothing but its start, the rest is not told", () => {
  expect(scoreOf(trial("ours", [1.05], { startSeconds: [1] })).afterStart).toBeNull();
});

test("tables have a line per contender, and a dash for what was not measured", () => {
  const scores = [
    scoreOf(trial("ours", [0.5, 1, 1], { startSeconds: [0.25] })),
    scoreOf(trial("floor", [0.1], { windows: 0, peakBytes: null })),
  ];
  expect(scoreTable(scores)).toEqual([
    "           windows/s        files/s    start s  windows/s after       CPU s/file  peak memory",
    "ours   2,000 (1,000)    20.0 (10.0)  0.3 (0.3)            4,000  0.1000 (0.2000)       500 MB",
    "floor              -  100.0 (100.0)          -                -  0.0200 (0.0200)            -",
  ]);
  expect(ratioTable("ours", ratiosOf(scores[0]!, [scores[1]!]))).toEqual([
    "ratio         throughput  after start   CPU  memory",
    "ours : floor        0.20            -  5.00       -",
  ]);
});
