import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parquetMetadata } from "hyparquet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runBatch } from "../../dist/index.js";
import { loadBundle } from "../../src/model/load-bundle.ts";
import { usableColumns } from "../../src/recording/read-recording.ts";
import { type BadProxy, startBadProxy } from "../support/bad-proxy.ts";
import { query } from "../support/read-parquet.ts";
import { digestOfRows, fixture, scratch } from "../support/run.ts";
import { objectAt, putFolder } from "../support/s3-objects.ts";
import { type S3Server, startS3Server } from "../support/s3-server.ts";

const FLIGHT = fixture("data/raw/engine_vibration/2025-10/AC001_20251012_060000.parquet");
const MODEL = fixture("models/engine_vibration_detector/1.0.0");
const NAME = "AC001_20251012_060000.parquet";

let server: S3Server;
let proxy: BadProxy;
beforeAll(async () => {
  server = await startS3Server();
  proxy = await startBadProxy(server.port);
  Object.assign(process.env, server.env, { AWS_ENDPOINT_URL_S3: proxy.url });
});
afterAll(async () => {
  await proxy?.stop();
  await server?.stop();
});

/** A flight, repeated in time, with other columns between its own. */
async function wideFlight(folder: string, { times, others, group }: { times: number; others: number; group: number }) {
  const columns = (await query(`DESCRIBE SELECT * FROM read_parquet('${FLIGHT}')`)).map((row) =>
    String(row.column_name),
  );
  const noise = (i: number) => Array.from({ length: others }, (_, k) => `random() AS other_${i}_${k}`);
  const shifted = (name: string) =>
    name === "timestamp" ? `"timestamp" + to_seconds(240 * copy) AS "timestamp"` : `"${name}"`;
  const selected = columns.flatMap((name, i) => [shifted(name), ...noise(i)]);
  const rows = `SELECT ${selected.join(", ")} FROM read_parquet('${FLIGHT}'), range(${times}) copies(copy) ORDER BY copy, 1`;
  await query(`COPY (${rows}) TO '${join(folder, NAME)}' (FORMAT parquet, ROW_GROUP_SIZE ${group})`);
}

/** Bytes of the footer and of the columns that a model uses. */
async function neededBytes(file: string): Promise<number> {
  const usable = usableColumns((await loadBundle(MODEL)).recipe);
  const bytes = readFileSync(file);
  const footer = bytes.readUInt32LE(bytes.length - 8) + 8;
  const { row_groups } = parquetMetadata(new Uint8Array(bytes).buffer);
  const chunks = row_groups.flatMap(({ columns }) => columns);
  return chunks.reduce(
    (sum, { meta_data: of }) => sum + (usable.has(of!.path_in_schema[0]!) ? Number(of!.total_compressed_size) : 0),
    footer,
  );
}

describe("of an object no more is read than is needed, and a tenth of that", () => {
  it.each([
    ["a flight as it is", { times: 1, others: 0, group: 122_880 }, 3],
    ["a flight with three times as many columns", { times: 1, others: 2, group: 122_880 }, 14],
    ["a long flight in many row groups", { times: 8, others: 0, group: 20_480 }, 3],
    ["a long flight in many row groups with many other columns", { times: 8, others: 3, group: 20_480 }, 200],
  ])("%s", async (title, shape, mostRequests) => {
    const folder = scratch();
    await wideFlight(folder, shape);
    const prefix = title.replaceAll(" ", "-");
    await putFolder(folder, objectAt(prefix));
    proxy.seen.length = 0;
    const output = join(scratch(), "r.parquet");
    const { summary } = await runBatch({ model: MODEL, data: [objectAt(prefix)], output, workers: 1 });
    expect(summary.files.scored).toBe(1);
    const reads = proxy.seen.filter(({ method, url }) => method === "GET" && url.includes(NAME));
    const read = reads.reduce((sum, { bytes }) => sum + bytes, 0);
    const needed = await neededBytes(join(folder, NAME));
    expect(read).toBeGreaterThanOrEqual(needed - 8);
    expect(read).toBeLessThanOrEqual(1.1 * needed);
    expect(reads.length).toBeLessThanOrEqual(mostRequests);
    // A listing, and no look at the object by itself.
    expect(proxy.seen.filter(({ method }) => method === "HEAD")).toEqual([]);
    const local = join(scratch(), "r.parquet");
    await runBatch({ model: MODEL, data: [folder], output: local, workers: 1 });
    expect(await digestOfRows(output)).toBe(await digestOfRows(local));
  });

  it("a small object is read in one request", async () => {
    const folder = scratch();
    await query(
      `COPY (SELECT * FROM read_parquet('${FLIGHT}') LIMIT 2000) TO '${join(folder, NAME)}' (FORMAT parquet)`,
    );
    await putFolder(folder, objectAt("small"));
    proxy.seen.length = 0;
    await runBatch({ model: MODEL, data: [objectAt("small")], output: join(scratch(), "r.parquet"), workers: 1 });
    expect(proxy.seen.filter(({ url }) => url.includes(NAME))).toHaveLength(1);
  });
});
