import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runBatch } from "../../dist/index.js";
import { GOLDEN_CASES } from "../support/golden.ts";
import { detector, digestOfRows, fixture, run, scratch } from "../support/run.ts";
import { type Cluster, startSlurm } from "../support/slurm.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const SUBMIT = join(ROOT, "examples/slurm/submit.sh");

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startSlurm(scratch());
});
afterAll(() => cluster?.stop());

interface Submitted {
  model: string;
  data: string;
  output: string;
  shards: number;
  env?: Record<string, string>;
}

/** Submits the example as it ships. */
function submit(cwd: string, { model, data, output, shards, env }: Submitted): string[] {
  const variables = {
    MODEL: model,
    DATA: data,
    OUTPUT: output,
    SHARDS: String(shards),
    FLIGHTBATCH: join(ROOT, "bin/flightbatch"),
  };
  return execFileSync("bash", [SUBMIT], { cwd, env: { ...cluster.env, ...variables, ...env }, encoding: "utf8" })
    .trim()
    .split(" ");
}

describe("the Slurm example, submitted to a real cluster", () => {
  it("gives the golden cases bit for bit as local runs do", async () => {
    const folder = scratch();
    for (const { name, data, model } of GOLDEN_CASES)
      submit(folder, { model, data, output: join(folder, `${name}.parquet`), shards: 3 });
    await cluster.drained();
    for (const { name, data, model } of GOLDEN_CASES) {
      const { output } = await runBatch({ model, data: [data], output: join(folder, `local-${name}.parquet`) });
      expect(await digestOfRows(join(folder, `${name}.parquet`)), name).toBe(await digestOfRows(output));
    }
  });

  it("has results though a shard ended with failed files", async () => {
    const folder = scratch();
    const data = join(folder, "fleet");
    mkdirSync(data);
    for (const path of [
      "raw/engine_vibration/2025-10/AC001_20251012_060000.parquet",
      "faulty/unreadable/AC091_20251012_000001.parquet",
    ])
      copyFileSync(fixture(`data/${path}`), join(data, basename(path)));
    submit(folder, { model: detector("1.0.0"), data, output: join(folder, "results.parquet"), shards: 2 });
    await cluster.drained();
    expect(await digestOfRows(join(folder, "results.parquet"))).toMatch(/^47:/);
    expect(readFileSync(join(folder, "results.run/failures.jsonl"), "utf8")).toMatch(/FILE_CORRUPT|FILE_EMPTY/);
  });

  it("names a shard that failed at the dependent merge, and is whole after that one member was submitted again", async () => {
    const folder = scratch();
    const [golden] = GOLDEN_CASES as [(typeof GOLDEN_CASES)[number]];
    const output = join(folder, "results.parquet");
    // A launcher that dies in the second member, as a node would under it.
    const launcher = join(folder, "launcher");
    const bin = join(ROOT, "bin/flightbatch");
    writeFileSync(
      launcher,
      `#!/bin/bash
[ "\${SLURM_ARRAY_TASK_ID:-}" = 1 ] && [ ! -e again ] && kill -9 $$
exec ${bin} "$@"
`,
      { mode: 0o755 },
    );
    const call = { model: golden.model, data: golden.data, output, shards: 3, env: { FLIGHTBATCH: launcher } };
    const [, merge] = submit(folder, call);
    await cluster.drained();
    const log = readFileSync(join(folder, `flightbatch-merge-${merge}.out`), "utf8");
    expect(log).toMatch(/Not merged: \d+ of \d+ tasks missing\.\nShard 2\/3 has not ended/);
    expect(readdirSync(folder)).not.toContain("results.parquet");
    execFileSync("touch", [join(folder, "again")]);
    const variables = { MODEL: call.model, DATA: call.data, OUTPUT: output, SHARDS: "3", FLIGHTBATCH: launcher };
    execFileSync("sbatch", ["--array=1", join(ROOT, "examples/slurm/score.sbatch")], {
      cwd: folder,
      env: { ...cluster.env, ...variables },
    });
    await cluster.drained();
    expect((await run(["merge", output, "--quiet"])).code).toBe(0);
    const local = await runBatch({ model: golden.model, data: [golden.data], output: join(folder, "local.parquet") });
    expect(await digestOfRows(output)).toBe(await digestOfRows(local.output));
  });
});
