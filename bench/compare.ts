import { join } from "node:path";
import { type Contender, disagreement, type Work } from "./contenders.ts";
import type { BenchData } from "./fleet-data.ts";
import { runTimed, runWatched } from "./measure.ts";
import type { BenchOptions } from "./options.ts";
import type { Trial } from "./statistics.ts";

/** What came of comparing some contenders on one set of recordings. */
export interface Comparison {
  data: BenchData;
  trials: Trial[];
  /** What is wrong with the answers or with the measuring, in words. */
  remarks: string[];
}

/** Where a comparison writes, and whom it tells what it does. */
export interface CompareContext {
  options: BenchOptions;
  scratch: string;
  say(line: string): void;
}

/**
 * Runs each contender once while its memory is watched, then all in turn, again and again, so that whatever else the
 * machine does falls on all alike.
 */
export async function compare(
  data: BenchData,
  contenders: readonly Contender[],
  context: CompareContext,
): Promise<Comparison> {
  const { options, scratch, say } = context;
  const workOf = (name: string, run: number): Work => ({
    model: options.model,
    data: data.folder,
    output: join(scratch, `${name}-${run}.parquet`),
    workers: options.workers,
  });
  const remarks: string[] = [];
  const entries = [];
  for (const contender of contenders) {
    say(`  ${contender.name}: memory`);
    const work = workOf(contender.name, 0);
    const run = await runWatched(contender.command(work));
    if (run.seenCpuSeconds > 1.05 * run.cpuSeconds + 0.1) remarks.push(unseenCpu(contender.name, run));
    const windows = await contender.windows(work, run.stdout);
    const { name } = contender;
    entries.push({
      contender,
      trial: { name, files: data.files, windows, timings: [], peakBytes: run.peakBytes } as Trial,
    });
  }
  for (let run = 1; run <= options.repeats; run++) {
    for (const { contender, trial } of entries) {
      say(`  ${contender.name}: ${run} of ${options.repeats}`);
      const { wallSeconds, cpuSeconds } = await runTimed(contender.command(workOf(contender.name, run)));
      trial.timings.push({ wallSeconds, cpuSeconds });
    }
  }
  remarks.push(...(await differences(contenders, context, workOf)));
  return { data, trials: entries.map((entry) => entry.trial), remarks };
}

function unseenCpu(name: string, run: { seenCpuSeconds: number; cpuSeconds: number }): string {
  const [seen, timed] = [run.seenCpuSeconds.toFixed(2), run.cpuSeconds.toFixed(2)];
  return `${name}: its processes used at least ${seen} CPU s, of which only ${timed} were accounted for`;
}

/** The results of all that score must agree with those of the first peer that does. */
async function differences(
  contenders: readonly Contender[],
  { options }: CompareContext,
  workOf: (name: string, run: number) => Work,
): Promise<string[]> {
  const scoring = contenders.filter(({ name }) => name !== "decode");
  const reference = scoring.find(({ name }) => name !== "flightbatch");
  const found: string[] = [];
  for (const { name } of scoring) {
    if (reference === undefined || name === reference.name) continue;
    const [expected, actual] = [workOf(reference.name, 0).output, workOf(name, 0).output];
    const fault = await disagreement(options.python, { model: options.model, expected, actual });
    if (fault !== null) found.push(`WRONG ANSWERS: ${fault}`);
  }
  return found;
}
