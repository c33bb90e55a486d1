import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { joinPlace } from "../io/storage/address.ts";
import { storageOf } from "../io/storage/storage.ts";
import { runSql, sqlText } from "../results/duckdb.ts";
import type { Manifest } from "./manifest.ts";

/** Our own coverage files beside a manifest: Parquet under an ending that no reader of the rows looks for. */
export const COVERAGE_FILE = /^_coverage-[0-9a-f]{32}\.pq$/;

/**
 * Writes the coverage of all inputs of a data set: that of before without `dropped`, and that of the run. Its name has the digest of its
 * bytes, so that a manifest names its own. Returns the name.
 */
export async function writeCoverage(
  folder: string,
  { base, dropped, coverage }: { base: Manifest | null; dropped: ReadonlySet<string>; coverage: Uint8Array },
): Promise<string> {
  const bytes = base?.coverage == null ? coverage : await merged(joinPlace(folder, base.coverage), dropped, coverage);
  const name = `_coverage-${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}.pq`;
  if (name !== base?.coverage) await (await storageOf(folder)).write(joinPlace(folder, name), bytes);
  return name;
}

async function merged(before: string, dropped: ReadonlySet<string>, coverage: Uint8Array): Promise<Uint8Array> {
  const scratch = mkdtempSync(join(tmpdir(), "flightbatch-coverage-"));
  try {
    const [old, fresh, gone, all] = ["old.parquet", "new.parquet", "gone.json", "all.parquet"].map((name) =>
      join(scratch, name),
    ) as [string, string, string, string];
    writeFileSync(old, await (await storageOf(before)).read(before));
    writeFileSync(fresh, coverage);
    writeFileSync(gone, [...dropped].map((path) => `${JSON.stringify({ path })}\n`).join(""));
    const isGone = `path IN (SELECT path FROM read_json(${sqlText(gone)}, columns = {path: 'VARCHAR'}, format = 'newline_delimited'))`;
    const kept = `SELECT * FROM read_parquet(${sqlText(old)}) WHERE NOT ${dropped.size === 0 ? "false" : isGone}`;
    await runSql([
      `COPY (SELECT * FROM (${kept} UNION ALL BY NAME SELECT * FROM read_parquet(${sqlText(fresh)})) ORDER BY path, aircraft_id, flight_id)
        TO ${sqlText(all)} (FORMAT parquet)`,
    ]);
    return readFileSync(all);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
