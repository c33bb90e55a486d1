import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { detector, fixture, scratch } from "../support/run.ts";
import { BUCKET, type S3Server, startS3Server } from "../support/s3-server.ts";

const LAUNCHER = new URL("../../bin/flightbatch", import.meta.url).pathname;
const FLIGHTS = fixture("data/raw/engine_vibration/2025-10");

let server: S3Server;
beforeAll(async () => {
  server = await startS3Server();
  mkdirSync(join(server.folder, "raw"));
  for (const name of readdirSync(FLIGHTS)) copyFileSync(join(FLIGHTS, name), join(server.folder, "raw", name));
}, 120_000);
afterAll(() => server?.stop());

it("flightbatch bench takes a sample of an object store, and measures the reading of it", async () => {
  const place = scratch();
  const args = ["bench", "--model", detector("1.0.0"), "--data", `s3://${BUCKET}/raw`, "--workers", "2"];
  const env = { ...process.env, ...server.env, TMPDIR: place };
  const stdout = await new Promise<string>((done, failed) =>
    execFile(
      process.execPath,
      [LAUNCHER, ...args, "--batch-size", "128", "--seconds", "5", "--json"],
      { env, cwd: place },
      (error, out, err) => (error === null ? done(out) : failed(new Error(err))),
    ),
  );
  const report = JSON.parse(stdout);
  expect(report.sample).toMatchObject({ failed: 0, total: { files: 6 } });
  expect(report.sample.files).toBeGreaterThan(0);
  expect(report.firstReading.deviceBytes).toBeGreaterThanOrEqual(report.firstReading.bytes);
  expect(report.limit.deviceBytesPerSecond).toBeGreaterThan(0);
  expect(readdirSync(place)).toEqual([]);
});
