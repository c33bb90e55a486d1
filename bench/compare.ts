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
  /** A folder with a single short flight: what scoring it takes is the start. */
  startData: string;
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
  const entries: Entry[] = [];
  for (const contender of contenders) {
    say(`  ${contender.name}: memory`);
    const work = workOf(contender.name, 0);
    const run = await runWatched(contender.command(work));
    if (!contender.hasDaemons && run.seenCpuSeconds > 1.05 * run.cpuSeconds + 0.1)
      remarks.push(unseenCpu(contender.name, run));
    const windows = await contender.windows(work, run.stdout);
    const { name } = contender;
    entries.push({
      contender,
      seenCpuSeconds: contender.hasDaemons ? run.seenCpuSeconds : 0,
      trial: { name, files: data.files, windows, timings: [], startSeconds: [], peakBytes: run.peakBytes },
    });
  }
  for (let run = 1; run <= options.repeats; run++)
    for (const entry of entries) await timeOnce(entry, { run, workOf, context });
  remarks.push(...(await differences(contenders, context, workOf)));
  return { data, trials: entries.map((entry) => entry.trial), remarks };
}

interface Entry {
  contender: Contender;
  trial: Trial;
  /** Processor time that is only known from outside; 0 where all of it is told. */
  seenCpuSeconds: number;
}

/** Times a contender, and then its start alone. */
async function timeOnce(
  { contender, trial, seenCpuSeconds }: Entry,
  { run, workOf, context }: { run: number; workOf: (name: string, run: number) => Work; context: CompareContext },
): Promise<void> {
  context.say(`  ${contender.name}: ${run} of ${context.options.repeats}`);
  const work = workOf(contender.name, run);
  const { wallSeconds, cpuSeconds } = await runTimed(contender.command(work));
  trial.timings.push({ wallSeconds, cpuSeconds: Math.max(cpuSeconds, seenCpuSeconds) });
  const output = join(context.scratch, `start-${contender.name}-${run}.parquet`);
  const start = await runTimed(contender.command({ ...work, data: context.startData, output }));
  trial.startSeconds.push(start.wallSeconds);
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
