import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listInputs } from "../../src/io/list-inputs.ts";
import { planSlots, scoreInSlots } from "../../src/task/slots.ts";
import { secondsAfter, steps } from "../support/record.ts";
import { TestScorer } from "../support/scoring.ts";
import { doubles, type TestColumn, type TestTable, texts, times } from "../support/write-table.ts";

const FIXTURES = new URL("../fixtures/", import.meta.url).pathname;
const DETECTOR = `${FIXTURES}models/engine_vibration_detector/`;
const BATCH_SIZES = [1, 7, 16, 128, 512];

describe("calls are made of whole blocks", () => {
  it.each([
    [1, null, 16, 16],
    [16, null, 16, 16],
    [17, null, 16, 32],
    [128, null, 16, 128],
    [500, null, 16, 512],
    [128, 8, 8, 8],
    [1, 100, 100, 100],
  ])(
    "a batch size of %d with a fixed batch of %s has blocks of %d and calls of %d",
    (size, fixed, blockRows, batchRows) => {
      expect(planSlots(size, fixed)).toEqual({ blockRows, batchRows });
    },
  );
});

describe("row k sits in slot k mod the block", () => {
  /** Which rows are at which place of each call; -1 where none is. */
  async function calls(
    input: { firstRow: number; count: number },
    plan: { blockRows: number; batchRows: number },
    wanted: (k: number) => boolean,
  ) {
    const made: number[][] = [];
    const answered: number[] = [];
    await scoreInSlots({ ...input, width: 1, wanted, put: (k, rows, row) => rows.fill(k + 1, row, row + 1) }, plan, {
      run: async (rows, count) => {
        made.push(Array.from(rows, (value) => value - 1));
        expect(rows.length).toBe(count);
        return { scores: Float32Array.from(rows), reconstruction: null };
      },
      sink: (k, { batch, row }) => {
        expect(batch.scores[row]).toBe(k + 1);
        answered.push(k);
      },
    });
    return { made, answered };
  }

  it.each([
    ["all rows", 0, 6, () => true, [[0, 1, 2, 3, 4, 5, -1, -1]]],
    ["rows behind others of the table", 3, 3, () => true, [[-1, -1, -1, 0, 1, 2, -1, -1]]],
    ["some rows", 0, 9, (k: number) => k % 3 === 1, [[-1, 1, -1, -1, 4, -1, -1, 7]]],
    ["a block that nobody wants is left out", 0, 12, (k: number) => k < 1 || k > 10, [[0, -1, -1, -1, -1, -1, -1, 11]]],
    [
      "several calls",
      0,
      9,
      () => true,
      [
        [0, 1, 2, 3, 4, 5, 6, 7],
        [8, -1, -1, -1],
      ],
    ],
    ["nothing wanted, nothing called", 0, 9, () => false, []],
    ["no rows", 0, 0, () => true, []],
  ])("%s", async (_, firstRow, count, wanted, expected) => {
    const { made, answered } = await calls({ firstRow, count }, { blockRows: 4, batchRows: 8 }, wanted);
    expect(made).toEqual(expected);
    expect(answered).toEqual(steps(count).filter(wanted));
  });
});

/** Bits of each window's score, by its flight and id. */
type Bits = Map<string, number>;

async function bitsOf(
  scorer: TestScorer,
  table: TestTable,
  options: Parameters<TestScorer["scoreTable"]>[1] = {},
): Promise<Bits> {
  const { chunks } = await scorer.scoreTable(table, options);
  return new Map(
    chunks.flatMap((chunk) => {
      const bits = new Uint32Array(chunk.scores.slice().buffer);
      return chunk.windowIds.map((id, i): [string, number] => [`${chunk.flightId} ${id}`, bits[i]!]);
    }),
  );
}

const NAMES = [
  "vib_fan_rms",
  "vib_fan_peak",
  "vib_compressor_rms",
  "vib_turbine_rms",
  "vib_imbalance_score",
  "n1",
  "n2",
  "egt",
  "n1_rate_of_change",
];

/** A table of features that no two rows share. */
function featureTable(rows: number, flightOf: (row: number) => string): TestTable {
  const features = Object.fromEntries(
    NAMES.map((name, j): [string, TestColumn] => [
      name,
      doubles(steps(rows).map((i) => Math.abs(Math.sin(i * 9.1 + j * 3.7)) * (j < 5 ? 1 : 90))),
    ]),
  );
  return { timestamp: times(secondsAfter(steps(rows, 5))), flight_id: texts(steps(rows).map(flightOf)), ...features };
}

describe.each(["1.0.0", "2.0.0"])("scores of model %s are the same bit for bit", (version) => {
  let scorer: TestScorer;
  let whole: Bits;
  const table = featureTable(203, (row) => `F${Math.floor(row / 37)}`);
  beforeAll(async () => {
    scorer = await TestScorer.open(`${DETECTOR}${version}`);
    whole = await bitsOf(scorer, table);
  });
  afterAll(() => scorer.close());

  it("and differ from each other", () => {
    expect(whole.size).toBe(203);
    expect(new Set(whole.values()).size).toBeGreaterThan(190);
  });

  it.each(BATCH_SIZES)("with a batch size of %d", async (batchSize) => {
    expect(await bitsOf(scorer, table, { batchSize })).toEqual(whole);
  });

  it.each([
    "flight_id == F3",
    "flight_id in [F1, F4]",
    "timestamp >= 2025-10-11T06:07:35Z",
    "timestamp < 2025-10-11T06:00:05Z",
  ])("for the windows that pass %s", async (filter) => {
    for (const batchSize of [1, 128]) {
      const some = await bitsOf(scorer, table, { filter, batchSize });
      expect(some.size).toBeGreaterThan(0);
      expect(some.size).toBeLessThan(whole.size);
      for (const [key, bits] of some) expect(bits, key).toBe(whole.get(key));
    }
  });

  it("with neighbours that are skipped", async () => {
    const data = table.egt!.data.map((value, i) => (i % 5 === 0 || (i > 60 && i < 90) ? null : value));
    const some = await bitsOf(scorer, { ...table, egt: { ...table.egt!, data } });
    expect(some.size).toBeLessThan(160);
    for (const [key, bits] of some) expect(bits, key).toBe(whole.get(key));
  });

  it("with neighbours of other values", async () => {
    const data = table.egt!.data.map((value, i) => (i % 2 === 0 ? value : Number(value) * 7));
    const other = await bitsOf(scorer, { ...table, egt: { ...table.egt!, data } });
    const keys = [...whole.keys()];
    keys.forEach((key, i) => {
      if (i % 2 === 0) expect(other.get(key), key).toBe(whole.get(key));
    });
    expect(other).not.toEqual(whole);
  });
});

it("a model with a fixed batch gives the same bits for any filter and batch size", async () => {
  const scorer = await TestScorer.open(`${DETECTOR}3.0.0`);
  const file = `${FIXTURES}data/jittered/AC001_20251011_060000.parquet`;
  const { files } = await listInputs([file]);
  const scoresOf = async (options: Parameters<TestScorer["score"]>[1]) => {
    const { chunks, report } = await scorer.score(files[0]!, options);
    expect(report.failure).toBeNull();
    return new Map(chunks[0]!.windowIds.map((id, i): [string, number] => [id, chunks[0]!.scores[i]!]));
  };
  const whole = await scoresOf({});
  expect(scorer.bundle.model.fixedBatch).toBe(8);
  expect(whole.size).toBeGreaterThan(20);
  expect(await scoresOf({ batchSize: 512 })).toEqual(whole);
  const some = await scoresOf({ filter: "timestamp >= 2025-10-11T06:01:03Z" });
  expect(some.size).toBeGreaterThan(0);
  expect(some.size).toBeLessThan(whole.size);
  for (const [id, score] of some) expect(score, id).toBe(whole.get(id));
  await scorer.close();
});
