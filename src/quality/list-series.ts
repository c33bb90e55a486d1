import type { ListInput, Samples, SeriesInput } from "../windows/series.ts";

/** The rows of a processed table one after another, as a series: those that begin before the end of the one before are left out. */
export function seriesOfLists(input: ListInput): Pick<SeriesInput, "rowTimes" | "samples"> {
  const rows = rowsInTurn(input);
  return {
    rowTimes: Float64Array.from(rows, (row) => input.starts[row]!),
    samples: input.lists.map((lists) => samplesOf(lists, input, rows)),
  };
}

function rowsInTurn({ starts, ends }: ListInput): number[] {
  const rows: number[] = [];
  let until = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < starts.length; row++) {
    if (Number.isNaN(ends[row]!) || starts[row]! < until) continue;
    rows.push(row);
    until = ends[row]!;
  }
  return rows;
}

function samplesOf(
  { offsets, values }: ListInput["lists"][number],
  { starts, ends }: ListInput,
  rows: number[],
): Samples {
  const most = rows.reduce((sum, row) => sum + offsets[row + 1]! - offsets[row]!, 0);
  const samples = { times: new Float64Array(most), values: new Float64Array(most) };
  let count = 0;
  for (const row of rows) {
    const [from, to] = [offsets[row]!, offsets[row + 1]!];
    const stepNs = (ends[row]! - starts[row]!) / Math.max(1, to - from);
    for (let i = from; i < to; i++) {
      if (!Number.isFinite(values[i]!)) continue;
      samples.times[count] = starts[row]! + (i - from) * stepNs;
      samples.values[count++] = values[i]!;
    }
  }
  return { times: samples.times.subarray(0, count), values: samples.values.subarray(0, count) };
}
