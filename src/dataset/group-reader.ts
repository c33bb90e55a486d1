import { type PlacedGroup, readRowGroups } from "../results/parquet/row-groups.ts";

/** Footers that are kept: files that lie together are of the same few parts. */
const FOOTERS_KEPT = 64;

/** Finds row groups in files of ours, and keeps the footers that were read last: of all at once they would take too much memory. */
export class GroupReader {
  readonly #footers = new Map<string, PlacedGroup[]>();

  /** A row group of a file by its place. @throws Error where it has not the rows that it should */
  async group(
    { path, bytes }: { path: string; bytes: number },
    { index, rows }: { index: number; rows: number },
  ): Promise<PlacedGroup> {
    const groups = this.#footers.get(path) ?? (await readRowGroups(path, bytes));
    this.#footers.delete(path);
    this.#footers.set(path, groups);
    if (this.#footers.size > FOOTERS_KEPT) this.#footers.delete(this.#footers.keys().next().value!);
    const found = groups[index];
    if (found === undefined || Number(found.group.num_rows) !== rows)
      throw new Error(`row group ${index} of ${path} has ${found?.group.num_rows ?? "no"} rows, not ${rows}`);
    return found;
  }
}
