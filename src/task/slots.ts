/** Rows of a model with a dynamic batch: the scores of a row change in their last bits with its position modulo this. */
export const SLOT_BLOCK = 16;

/** Scores of rows, and the squared-error inputs where the model reconstructs. */
export interface BatchScores {
  /** float32 score of each row. */
  scores: Float32Array;
  /** Row-major `[rows, width]`, or null. */
  reconstruction: Float32Array | null;
}

/** One call of the model on `count` rows, row-major. */
export type BatchRunner = (rows: Float32Array, count: number) => Promise<BatchScores>;

/** How calls are made up: whole blocks of `blockRows`, at most `batchRows` a call. */
export interface SlotPlan {
  blockRows: number;
  batchRows: number;
}

/** A batch size rounded up to whole blocks; a model with a fixed batch of N has blocks of N, one a call. */
export function planSlots(batchSize: number, fixedBatch: number | null): SlotPlan {
  if (fixedBatch !== null) return { blockRows: fixedBatch, batchRows: fixedBatch };
  return { blockRows: SLOT_BLOCK, batchRows: Math.max(1, Math.ceil(batchSize / SLOT_BLOCK)) * SLOT_BLOCK };
}

/** What is scored: rows of which only some are wanted, each with the slot that its number in the flight gives it. */
export interface SlotInput {
  /** Number of the first row in its grid or table: row k sits in slot `(firstRow + k) % blockRows`. */
  firstRow: number;
  count: number;
  wanted(k: number): boolean;
  /** Writes row k into `rows` at row `row`. */
  put(k: number, rows: Float32Array, row: number): void;
  width: number;
}

/** Called with the answer of each wanted row: row k is row `row` of the batch, `shareMs` its share of the call's time. Good for this call only. */
export type SlotSink = (
  k: number,
  answer: { batch: BatchScores; rows: Float32Array; row: number; shareMs: number },
) => void;

/**
 * Scores the wanted rows. Each always sits in the same slot of a block, whatever its neighbours, the batch size or the filter: so its
 * score is the same to the last bit. Blocks without a wanted row are left out; rows that are not wanted are zeros.
 */
export async function scoreInSlots(
  input: SlotInput,
  plan: SlotPlan,
  { run, sink }: { run: BatchRunner; sink: SlotSink },
): Promise<void> {
  const blocks = blocksWithWantedRows(input, plan.blockRows);
  const perCall = plan.batchRows / plan.blockRows;
  let rows = new Float32Array(0);
  for (let first = 0; first < blocks.length; first += perCall) {
    const chosen = blocks.slice(first, first + perCall);
    const count = chosen.length * plan.blockRows;
    // The same array for all full calls: what the session makes for it serves again.
    if (rows.length === count * input.width) rows.fill(0);
    else rows = new Float32Array(count * input.width);
    const filled = fillBlocks(input, plan.blockRows, { chosen, rows });
    const begun = performance.now();
    const batch = await run(rows, count);
    const answer = { batch, rows, row: 0, shareMs: (performance.now() - begun) / filled.ks.length };
    for (let i = 0; i < filled.ks.length; i++) {
      answer.row = filled.rows[i]!;
      sink(filled.ks[i]!, answer);
    }
  }
}

function blocksWithWantedRows({ firstRow, count, wanted }: SlotInput, blockRows: number): number[] {
  const blocks: number[] = [];
  for (let k = 0; k < count; k++) {
    const block = Math.floor((firstRow + k) / blockRows);
    if (blocks[blocks.length - 1] !== block && wanted(k)) blocks.push(block);
  }
  return blocks;
}

/** Puts in the wanted rows of the chosen blocks: their numbers, and the row of the batch that each got. */
function fillBlocks(
  input: SlotInput,
  blockRows: number,
  { chosen, rows }: { chosen: number[]; rows: Float32Array },
): { ks: number[]; rows: number[] } {
  const filled = { ks: [] as number[], rows: [] as number[] };
  for (let place = 0; place < chosen.length; place++) {
    for (let slot = 0; slot < blockRows; slot++) {
      const k = chosen[place]! * blockRows + slot - input.firstRow;
      if (k < 0 || k >= input.count || !input.wanted(k)) continue;
      const row = place * blockRows + slot;
      input.put(k, rows, row);
      filled.ks.push(k);
      filled.rows.push(row);
    }
  }
  return filled;
}
