import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Thresholds } from "../../src/verdict/thresholds.ts";
import { recipe, secondsAfter, steps } from "../support/record.ts";
import { TestScorer } from "../support/scoring.ts";
import { booleans, doubles, ints, type TestColumn, type TestTable, texts, times } from "../support/write-table.ts";

let scorer: TestScorer;
beforeAll(async () => {
  scorer = await TestScorer.make();
});
afterAll(() => scorer.close());

/** Windows whose score is the given number: feature a, beside a b of 0. */
function scores(values: number[], flight_phase?: TestColumn): TestTable {
  const zeros = doubles(values.map(() => 0));
  const table = { timestamp: times(secondsAfter(steps(values.length, 5))), a: doubles(values), b: zeros };
  return flight_phase === undefined ? table : { ...table, flight_phase };
}

const SEVERITY = { minor: 3, moderate: 5, severe: 8 };

async function decide(table: TestTable, thresholds: Partial<Thresholds>) {
  const settled = { default: 3, byPhase: {}, severity: SEVERITY, ...thresholds };
  const { chunks, report } = await scorer.scoreTable(table, { bundle: { recipe: recipe(), thresholds: settled } });
  const { severities, thresholds: limits, phases } = chunks[0]!;
  return {
    severities: Array.from(severities),
    limits: Array.from(limits),
    phases,
    anomalies: report.flights[0]!.anomalies,
  };
}

const below = (x: number) => x * (1 - 2 ** -24);
const TENTH = Math.fround(0.1);

describe("severity follows from score and threshold", () => {
  it.each<[string, number, Partial<Thresholds>, number]>([
    ["below the threshold", below(3), {}, 0],
    ["at the threshold", 3, {}, 1],
    ["at the next level", 5, {}, 2],
    ["just below it", below(5), {}, 1],
    ["at the highest level", 8, {}, 3],
    ["far above", 1e30, {}, 3],
    ["an anomaly below the lowest level counts as 1", 2, { default: 1 }, 1],
    ["no anomaly, though above every level", 9, { default: 10 }, 0],
    ["an anomaly above a level that is lower than the threshold", 6, { default: 6 }, 2],
    ["levels that do not ascend: the highest reached counts", 6, { severity: { minor: 3, moderate: 7, severe: 5 } }, 3],
    ["a negative threshold", -1, { default: -2, severity: { minor: -2, moderate: 5, severe: 8 } }, 1],
    ["a float32 just above the float64 threshold", TENTH, { default: 0.1 }, 1],
    ["a float32 just below the float64 threshold", Math.fround(0.7), { default: 0.7 }, 0],
    ["a float32 at the threshold that is a float32 too", TENTH, { default: TENTH }, 1],
  ])("%s", async (_, score, thresholds, severity) => {
    const decided = await decide(scores([score]), thresholds);
    expect(decided.severities).toEqual([severity]);
    expect(decided.anomalies).toBe(severity > 0 ? 1 : 0);
  });
});

describe("the threshold is that of the flight phase", () => {
  const byPhase = { cruise: 1, approach_landing: 2, landing: 2.5 };
  it.each<[string, TestColumn, number]>([
    ["its own", ints([4]), 1],
    ["as a word", texts(["Cruise"]), 1],
    ["the shared one of approach and landing", ints([6]), 2],
    ["its own before the shared one", ints([7]), 2.5],
    ["the default where it has none", ints([3]), 3],
    ["the default where it is unknown", ints([8]), 3],
    ["the default where it is missing", ints([null]), 3],
    ["the default for a word that is no phase", texts(["approach_landing"]), 3],
    ["truth as taxi", booleans([true]), 3],
  ])("%s", async (_, phase, limit) => {
    expect((await decide(scores([0], phase), { byPhase })).limits).toEqual([limit]);
  });
});

describe("the phase of a window is the commonest of its rows", () => {
  const byPhase = { takeoff: 9, climb: 4, cruise: 4, descent: 2 };
  /** One window of 100 rows at 10 Hz. */
  const window = (phases: (number | null)[]): TestTable => {
    const ones = doubles(new Array<number>(100).fill(1));
    return { timestamp: times(secondsAfter(steps(100, 0.1))), vib: ones, n1: ones, flight_phase: ints(phases) };
  };
  const rows = (...parts: [number | null, number][]) =>
    parts.flatMap(([phase, count]) => new Array<number | null>(count).fill(phase));

  it.each<[string, (number | null)[], number | null, number]>([
    ["the commonest", rows([4, 51], [5, 49]), 4, 4],
    ["though few rows have one", rows([null, 97], [5, 3]), 5, 2],
    ["what is unknown has no say", rows([9, 60], [4, 21], [3, 19]), 4, 4],
    ["a tie goes to the lowest threshold", rows([4, 50], [5, 50]), 5, 2],
    ["and then to the lower code", rows([4, 50], [3, 50]), 3, 4],
    ["a tie of three", rows([2, 30], [4, 30], [3, 30], [null, 10]), 3, 4],
    ["a tie with the default threshold", rows([2, 50], [0, 50]), 0, 3],
    ["none", rows([null, 100]), null, 3],
  ])("%s", async (_, phases, phase, limit) => {
    const decided = await decide(window(phases), { byPhase });
    expect(decided.phases).toEqual([phase]);
    expect(decided.limits).toEqual([limit]);
  });
});
