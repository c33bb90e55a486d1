import type { InputFile } from "../io/input-file.ts";

/** Smallest and largest task, bytes of input: small enough to keep all workers busy to the end, large enough to be worth a part. */
const SMALLEST_BYTES = 256 << 10;
const LARGEST_BYTES = 64 << 20;
/** As many tasks as a large machine can balance. */
const TASKS_WANTED = 64;
/** A small file costs more than its bytes say. */
const FILE_COST_BYTES = 16 << 10;
const MOST_FILES = 2000;

/**
 * Cuts the files into groups of neighbours of about the same bytes. The cut depends on the files alone, not on the workers: the same
 * files give the same parts on one core and on a hundred.
 */
export function cutTasks(files: readonly InputFile[]): InputFile[][] {
  const total = files.reduce((sum, file) => sum + costOf(file), 0);
  const target = Math.min(LARGEST_BYTES, Math.max(SMALLEST_BYTES, total / TASKS_WANTED));
  const groups: InputFile[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const file of files) {
    const group = groups[groups.length - 1];
    if (group === undefined || bytes + costOf(file) / 2 > target || group.length >= MOST_FILES) {
      groups.push([file]);
      bytes = costOf(file);
    } else {
      group.push(file);
      bytes += costOf(file);
    }
  }
  return groups;
}

/** What a group of files costs, in bytes. */
export function costOfFiles(files: readonly InputFile[]): number {
  return files.reduce((sum, file) => sum + costOf(file), 0);
}

function costOf(file: InputFile): number {
  return file.sizeBytes + FILE_COST_BYTES;
}
