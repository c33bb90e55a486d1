import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { listInputs } from "../../src/io/list-inputs.ts";
import { loadBundle } from "../../src/model/load-bundle.ts";
import { partFiles } from "../../src/task/part-files.ts";
import { TaskRunner } from "../../src/task/task-runner.ts";
import { expectGolden, GOLDEN_CASES, goldenCounts } from "../support/golden.ts";

const folder = mkdtempSync(join(tmpdir(), "flightbatch-golden-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("a task scores every golden case as the reference does", () => {
  it.each(GOLDEN_CASES)("$name", async (golden) => {
    const bundle = await loadBundle(golden.model);
    const { files } = await listInputs([golden.data]);
    const runner = await TaskRunner.open({
      bundle,
      batchSize: 128,
      filter: null,
      inputKind: null,
      cacheDirectory: null,
      explain: false,
      partsDirectory: folder,
    });
    const report = await runner.run({ index: 0, fingerprint: golden.name, files }, () => {});
    await expectGolden(golden, partFiles(folder, report).results, bundle);
    const counts = Object.fromEntries(
      report.files.map(({ path, flights, failure }) => {
        expect(failure).toBeNull();
        const windows = flights.reduce((sum, { scored }) => sum + scored, 0);
        const skipped = flights.reduce(
          (sum, flight) => sum + Object.values(flight.skipped).reduce((a, b) => a + b, 0),
          0,
        );
        return [path.split("/").pop(), { windows, skipped }];
      }),
    );
    expect(counts).toEqual(goldenCounts(golden).files);
  });
});
