import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type RunOptions, runBatch } from "../../../dist/index.js";
import type { Manifest } from "../../../src/dataset/manifest.ts";
import { makeBundle } from "../../model/make-bundle.ts";
import { writeFleet as fleet } from "../../support/feature-flights.ts";
import { scratch } from "../../support/run.ts";
import { NO_SCALING } from "../../support/scoring.ts";

let model: string;
beforeAll(async () => {
  model = await makeBundle({ scaler: NO_SCALING });
});

function options(folder: string, more: Partial<RunOptions> = {}): RunOptions {
  return { model, data: [join(folder, "flights")], output: `${join(folder, "scored")}/`, workers: 1, ...more };
}

function manifestIn(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "scored/_manifest.json"), "utf8"));
}

describe("an incremental run", () => {
  it("with nothing to do keeps all that is told of the run before, and makes events if asked", async () => {
    const folder = scratch();
    fleet(folder);
    await runBatch(options(folder, { events: true }));
    const told = join(folder, "scored.run");
    writeFileSync(join(told, "report.html"), "the page");
    const contents = () =>
      Object.fromEntries(
        readdirSync(told)
          .filter((name) => /\.(parquet|html|json|jsonl)$/.test(name) && name !== "plan.json")
          .map((name) => [name, readFileSync(join(told, name), "base64")]),
      );
    const before = contents();
    expect(Object.keys(before)).toEqual(
      expect.arrayContaining(["events.parquet", "failures.jsonl", "report.html", "run.json", "summary.json"]),
    );
    const { dataSet } = await runBatch(options(folder, { incremental: true }));
    expect(dataSet).toMatchObject({ isAsBefore: true, unchanged: 5, files: 5, rows: 16, written: 0 });
    expect(contents()).toEqual(before);
    rmSync(join(told, "events.parquet"));
    const { events } = await runBatch(options(folder, { incremental: true, events: true }));
    expect(events!.windows).toBe(16);
    expect(Object.keys(contents())).toEqual(Object.keys(before));
  });

  it("with nothing to do keeps nothing that is told of another state of the data set", async () => {
    const folder = scratch();
    fleet(folder);
    await runBatch(options(folder, { events: true }));
    // As if a run had been killed right after its change.
    const path = join(folder, "scored/_manifest.json");
    writeFileSync(path, JSON.stringify({ ...manifestIn(folder), writtenAt: "2025-11-01T00:00:00.000Z" }));
    const { dataSet } = await runBatch(options(folder, { incremental: true }));
    expect(dataSet).toMatchObject({ isAsBefore: true, rows: 16 });
    expect(existsSync(join(folder, "scored.run/events.parquet"))).toBe(false);
    expect(JSON.parse(readFileSync(join(folder, "scored.run/run.json"), "utf8"))).toMatchObject({ inputs: [] });
  });
});
