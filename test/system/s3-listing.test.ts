import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listInputs } from "../../src/io/list-inputs.ts";
import { scratch } from "../support/run.ts";
import { objectAt, putFolder } from "../support/s3-objects.ts";
import { type S3Server, startS3Server } from "../support/s3-server.ts";

const NAMES = [
  "a.parquet",
  "a.parquet.meta.json",
  "a/1.csv",
  "a/2.CSV.GZ",
  "a/deep/3.parquet",
  "a-b/4.parquet",
  "b/.hidden.parquet",
  "b/_temporary/5.parquet",
  "b/old.run/6.parquet",
  "b/notes.txt",
  "b/gone.parquet.meta.json",
  "b/with blank & ünï.parquet",
  "b/x[1].parquet",
  "date=2025-10-01/aircraft_id=AC001/7.parquet",
  "date=2025-10-02/aircraft_id=AC%20002/8.parquet",
  "Z.parquet",
];

let server: S3Server;
let here: string;
beforeAll(async () => {
  server = await startS3Server();
  Object.assign(process.env, server.env);
  here = scratch();
  for (const name of NAMES) {
    mkdirSync(dirname(join(here, name)), { recursive: true });
    writeFileSync(join(here, name), name);
  }
  await putFolder(here, objectAt("tree"));
  await putFolder(here, objectAt("tree-beside"));
});
afterAll(() => server?.stop());

/** What is listed, without the place and the versions. */
async function listed(base: string, below: string[], exclude: string[] = []) {
  const at = (name: string) => `${base}/${name}`;
  const { files, lonelySidecars, faults } = await listInputs(below.map(at), exclude.map(at));
  return {
    files: files.map(({ path, name, sizeBytes, format, sidecarStamp }) => [
      ...[path.slice(base.length), name, sizeBytes, format],
      sidecarStamp === null ? null : Number.parseInt(sidecarStamp, 10),
    ]),
    lonelySidecars: lonelySidecars.map((path) => path.slice(base.length)),
    faults,
  };
}

describe("objects are listed as files of the same names are", () => {
  it.each([
    [[""]],
    [["a"]],
    [["a/"]],
    [["b"]],
    [["*.parquet"]],
    [["**/*.parquet"]],
    [["*/*.{csv,parquet}"]],
    [["date=2025-10-*"]],
    [["date=2025-10-*/"]],
    [["date=*/aircraft_id=AC001/*"]],
    [["?/**"]],
    [["a*"]],
    [["b/x[1].parquet"]],
    [["b/with blank & ünï.parquet", "b", "**"]],
    [["Z.parquet", "a.parquet", "a"]],
  ])("%j", async (below) => {
    const there = await listed(objectAt("tree"), below);
    expect(there).toEqual(await listed(here, below));
    expect(there.files.length).toBeGreaterThan(0);
  });

  it("without what is excluded", async () => {
    const exclude = ["a", "date=2025-10-01/", "Z.parquet"];
    expect(await listed(objectAt("tree"), [""], exclude)).toEqual(await listed(here, [""], exclude));
  });
});
