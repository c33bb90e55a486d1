import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { listInputs } from "../../src/io/list-inputs.ts";
import { scratch } from "../support/run.ts";

it("names sidecars of inputs that are not there, in whole folders only", async () => {
  const root = scratch();
  const names = ["a.csv", "a.csv.meta.json", "b.parquet.meta.json", "d/c.csv.gz.meta.json", "notes.meta.json"];
  for (const name of [...names, "_x.csv.meta.json"]) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), "{}");
  }
  const lonely = async (...data: string[]) => (await listInputs(data.map((name) => join(root, name)))).lonelySidecars;
  expect(await lonely("")).toEqual([join(root, "b.parquet.meta.json"), join(root, "d/c.csv.gz.meta.json")]);
  expect(await lonely("a.csv", "d/*.gz")).toEqual([]);
});
