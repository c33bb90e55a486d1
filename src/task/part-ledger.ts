import { mapLimited } from "../io/map-limited.ts";
import { nameOf } from "../io/storage/address.ts";
import { storageOf } from "../io/storage/storage.ts";
import type { TaskReport } from "./messages.ts";
import { partFiles, partReportPath, readPartReport } from "./part-files.ts";

/** Requests of a store that are under way at once. */
const AT_ONCE = 16;

/** Files of parts, and such as were never finished: nothing else is ours to remove, wherever a link of the folder's name may lead. */
const PART_FILE = /^\.?[0-9a-f]{32}(\.[0-9a-f]{12})?\.(results\.parquet|windows\.parquet|report\.json)(\.\d+\.tmp)?$/;

/** What lies in a folder of parts, listed once: to ask for each file by itself would take a store a request each. */
export class PartLedger {
  readonly #directory: string;
  readonly #sizes: ReadonlyMap<string, number>;

  private constructor(directory: string, sizes: ReadonlyMap<string, number>) {
    this.#directory = directory;
    this.#sizes = sizes;
  }

  static async open(directory: string): Promise<PartLedger> {
    const sizes = new Map<string, number>();
    const storage = await storageOf(directory);
    for await (const { path, sizeBytes } of storage.list(directory)) sizes.set(path, sizeBytes);
    return new PartLedger(directory, sizes);
  }

  /** The reports of these tasks' parts, each null where no whole part of it is there. */
  reports(fingerprints: readonly string[]): Promise<(TaskReport | null)[]> {
    const sizeOf = async (path: string) => this.#sizes.get(path) ?? null;
    return mapLimited(fingerprints, AT_ONCE, async (fingerprint) =>
      this.#sizes.has(partReportPath(this.#directory, fingerprint))
        ? readPartReport(this.#directory, fingerprint, sizeOf)
        : null,
    );
  }

  /** How many of these tasks have a report: it is written last. */
  countReports(fingerprints: readonly string[]): number {
    return fingerprints.filter((fingerprint) => this.#sizes.has(partReportPath(this.#directory, fingerprint))).length;
  }

  /** Takes away the reports of these tasks, where there are any: they are to be done again, and the first to finish counts. */
  async forget(fingerprints: readonly string[]): Promise<void> {
    const paths = fingerprints.map((fingerprint) => partReportPath(this.#directory, fingerprint));
    await this.#remove(paths.filter((path) => this.#sizes.has(path)));
  }

  /** Removes all parts but those of these reports, and what was never finished. */
  async keepOnly(reports: readonly TaskReport[]): Promise<void> {
    const kept = reports.flatMap((report) => [
      partReportPath(this.#directory, report.fingerprint),
      ...(report.part === null ? [] : Object.values(partFiles(this.#directory, report))),
    ]);
    const wanted = new Set(kept);
    await this.#remove([...this.#sizes.keys()].filter((path) => PART_FILE.test(nameOf(path)) && !wanted.has(path)));
  }

  async #remove(paths: readonly string[]): Promise<void> {
    const storage = await storageOf(this.#directory);
    await mapLimited(paths, AT_ONCE, (path) => storage.remove(path));
  }
}
