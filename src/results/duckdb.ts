import { resolve } from "node:path";
import { Fault } from "../faults/fault.ts";

/** Runs statements in a fresh DuckDB in memory, and gives the rows of the last one. It may open local files, and nothing else. */
export async function runSql(statements: string[]): Promise<Record<string, unknown>[]> {
  // A fifth of a second to load, and most runs do not need it.
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", {
    autoload_known_extensions: "false",
    autoinstall_known_extensions: "false",
  });
  const connection = await instance.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) rows = (await connection.runAndReadAll(statement)).getRowObjectsJS();
    return rows;
  } catch (error) {
    throw explain(error);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** DuckDB tells what the system told it in words alone. */
function explain(error: unknown): unknown {
  const found = error instanceof Error ? error.message : String(error);
  if (/No space left on device|Disk quota exceeded/.test(found))
    return new Fault({
      code: "DISK_FULL",
      found,
      expected: "room for the results",
      hint: "Make room; the same command then carries on.",
    });
  if (/^Out of Memory Error/.test(found))
    return new Fault({
      code: "OUT_OF_MEMORY",
      found,
      expected: "memory for the results' conversion",
      hint: "Write the results as .parquet, or use a machine with more memory.",
    });
  return error;
}

/** A file as DuckDB takes it: what would be a pattern in its name stands for itself. */
export function sqlPath(path: string): string {
  return sqlText(resolve(path).replace(/[*?[]/g, "[$&]"));
}

/** How the folders of a data set are read. Types are said, not guessed: an aircraft may be called 007. */
export const DATA_SET_FOLDERS = "hive_partitioning = true, hive_types = {'date': DATE, 'aircraft_id': VARCHAR}";

/** A text as a literal of SQL. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
