import { explainSystemError } from "../io/file-fault.ts";
import type { ModelBundle } from "../model/bundle.ts";
import { loadBundle } from "../model/load-bundle.ts";
import type { Engine } from "./engines/engine.ts";
import { LocalEngine } from "./engines/local-engine.ts";
import { MemorySampler } from "./memory-sampler.ts";
import { prepareOutput, tidyOutput } from "./output-place.ts";
import { planRun, type RunPlan } from "./plan.ts";
import { writePlanRecord } from "./plan-record.ts";
import type { RunProfile } from "./profile/run-profile.ts";
import { lockRun } from "./run-lock.ts";
import { type RunOptions, type SettledOptions, settleOptions } from "./run-options.ts";
import type { RunResult } from "./run-result.ts";
import { type RunControl, runTasks } from "./run-tasks.ts";
import { removeShardPlans } from "./shards/shard-record.ts";

/**
 * Scores every window of every flight: plan, tasks on all cores, parts put together, summary and reports beside the results.
 * What is wrong with a file is reported and costs that file alone.
 * @throws Fault USAGE, FILTER_INVALID, BUNDLE_INVALID, OUTPUT_UNWRITABLE before any work; WORKER_CRASHED if no worker can live
 */
export async function runBatch(options: RunOptions, control: RunControl = {}): Promise<RunResult> {
  const startedAt = new Date();
  // The clock that nobody sets: the time of day may jump during a night.
  const startedMs = performance.now();
  const settled = settleOptions(options);
  if (settled.engine !== null) {
    const { runOnRedis } = await import("./engines/redis/run-on-redis.ts");
    return runOnRedis(settled.engine, { settled, control, startedAt, startedMs });
  }
  // Processes take longer to start than the plan takes to make.
  const engine = new LocalEngine(settled.workers);
  const sampler = new MemorySampler();
  let profile: RunProfile | null = null;
  try {
    profile = await openProfile(settled.profile, sampler);
    profile?.enter("read bundle");
    const bundle = await loadBundle(settled.model);
    const result = await runOn(engine, { bundle, settled, control, startedAt, startedMs, sampler, profile });
    endProfile(profile, control);
    return result;
  } catch (error) {
    profile?.abandon();
    // Files of the inputs are the tasks' concern: what fails here is the place of the output.
    throw explainSystemError(error, settled.output);
  } finally {
    sampler.end();
    await engine.close();
  }
}

/** Its code is loaded where it is asked for. @throws Fault OUTPUT_UNWRITABLE */
async function openProfile(path: string | null, sampler: MemorySampler): Promise<RunProfile | null> {
  return path === null ? null : new (await import("./profile/run-profile.ts")).RunProfile(path, sampler);
}

function endProfile(profile: RunProfile | null, { observer }: RunControl): void {
  const failure = profile?.end() ?? null;
  if (failure !== null) observer?.warning?.(`the profile could not be written: ${failure}`);
}

interface RunInput {
  bundle: ModelBundle;
  settled: SettledOptions;
  control: RunControl;
  startedAt: Date;
  startedMs: number;
  sampler: MemorySampler;
  profile: RunProfile | null;
}

async function runOn(engine: Engine, { bundle, ...input }: RunInput): Promise<RunResult> {
  const { settled, profile } = input;
  profile?.enter("plan");
  const plan = await planRun(bundle, settled);
  prepareOutput(settled);
  const lost = new AbortController();
  const unlock = await lockRun(settled.runDirectory, { onLost: () => lost.abort() });
  try {
    tidyOutput(settled);
    const control = stoppedBy(input.control, lost.signal);
    return await runPlan(engine, { ...input, control, plan });
  } finally {
    await unlock();
  }
}

/** A run whose folder another process has taken over finishes what is in flight, and leaves the rest to that one. */
function stoppedBy(control: RunControl, lost: AbortSignal): RunControl {
  lost.addEventListener("abort", () =>
    control.observer?.warning?.("another process has taken over this run: it ends here"),
  );
  return { ...control, stop: control.stop === undefined ? lost : AbortSignal.any([control.stop, lost]) };
}

async function runPlan(
  engine: Engine,
  { plan, settled, control, startedAt, startedMs, sampler, profile }: Omit<RunInput, "bundle"> & { plan: RunPlan },
): Promise<RunResult> {
  await writePlanRecord(settled.runDirectory, plan.record);
  profile?.enter("run tasks");
  const [tasks, { finishRun }] = await Promise.all([
    runTasks(engine, { plan, settled, control, profile }),
    import("./finish-run.ts"),
  ]);
  const result = await finishRun({ plan, settled, tasks, startedAt, startedMs, sampler, profile });
  if (result.end === "whole") await removeShardPlans(settled.runDirectory);
  return result;
}
