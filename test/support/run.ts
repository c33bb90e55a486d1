import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { query } from "./read-parquet.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** Path of a fixture. */
export function fixture(path: string): string {
  return join(ROOT, "test/fixtures", path);
}

/** Directory of a version of the engine-vibration detector. */
export function detector(version: string): string {
  return fixture(`models/engine_vibration_detector/${version}`);
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new folder that goes with the file's tests. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "flightbatch-test-"));
  folders.push(folder);
  return folder;
}

/** What a command left. */
export interface Finished {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a launcher of `bin/` as a user does. */
export function run(args: string[], options: { launcher?: string; cwd?: string } = {}): Promise<Finished> {
  return new Promise((resolve) => {
    const command = join(ROOT, "bin", options.launcher ?? "flightbatch");
    execFile(
      process.execPath,
      [command, ...args],
      { cwd: options.cwd ?? tmpdir(), maxBuffer: 1 << 26 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

/** A digest of all rows of a results file in their order, latency aside. A float32 as float64 prints all of its bits. */
export async function digestOfRows(path: string): Promise<string> {
  const columns = `window_id, aircraft_id, flight_id, epoch_ns("timestamp"), anomaly_score::DOUBLE, is_anomaly, anomaly_severity`;
  const numbered = `SELECT row_number() OVER () AS i, (${columns})::VARCHAR AS r FROM read_parquet('${path}')`;
  const [row] = await query(
    `SELECT count(*) || ':' || coalesce(md5(string_agg(r, ',' ORDER BY i)), '') AS digest FROM (${numbered})`,
  );
  return String(row!.digest);
}
