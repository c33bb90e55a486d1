import type { Ratio, Score, Spread } from "./statistics.ts";

/** The scores as lines of text, a contender each: best and, in brackets, median. */
export function scoreTable(scores: readonly Score[]): string[] {
  const rows = scores.map((score) => [
    score.name,
    score.windowsPerSecond.best === 0 ? "-" : spread(score.windowsPerSecond, 0),
    spread(score.filesPerSecond, 1),
    score.startSeconds === null ? "-" : spread(score.startSeconds, 1),
    afterStart(score),
    spread(score.cpuSecondsPerFile, 4),
    score.peakBytes === null ? "-" : `${Math.round(score.peakBytes / 1e6)} MB`,
  ]);
  return aligned([["", "windows/s", "files/s", "start s", "windows/s after", "CPU s/file", "peak memory"], ...rows]);
}

/** The ratios as lines of text, a peer each. */
export function ratioTable(ours: string, ratios: readonly Ratio[]): string[] {
  const rows = ratios.map((ratio) => [
    `${ours} : ${ratio.peer}`,
    ratio.throughput.toFixed(2),
    ratio.afterStart === null ? "-" : ratio.afterStart.toFixed(2),
    ratio.cpu.toFixed(2),
    ratio.memory === null ? "-" : ratio.memory.toFixed(2),
  ]);
  return aligned([["ratio", "throughput", "after start", "CPU", "memory"], ...rows]);
}

function afterStart({ afterStart: rates }: Score): string {
  if (rates === null || rates.windowsPerSecond === 0) return "-";
  return Math.round(rates.windowsPerSecond).toLocaleString("en");
}

function spread(values: Spread, digits: number): string {
  const format = new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${format.format(values.best)} (${format.format(values.median)})`;
}

/** The first column to the left, the others to the right. */
function aligned(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join("  "),
  );
}
