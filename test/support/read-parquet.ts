import { DuckDBInstance } from "@duckdb/node-api";

/** Rows of a Parquet file by an engine that did not write it; timestamps as nanoseconds since 1970 UTC. */
export async function readRows(path: string): Promise<Record<string, unknown>[]> {
  return query(
    `SELECT * REPLACE (epoch_ns("timestamp") AS "timestamp") FROM read_parquet('${path.replaceAll("'", "''")}')`,
  );
}

/** Rows that DuckDB answers. */
export async function query(sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJS();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
