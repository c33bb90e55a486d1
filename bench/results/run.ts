import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runTimed, runWatched } from "../measure.ts";
import { median } from "../statistics.ts";
import { type Answers, disagreements, flatten, ofComparison, ofSummary } from "./answers.ts";
import { madeResults, type ResultPair } from "./make-results.ts";

const FLAGS = {
  rows: { type: "string", default: "5000000" },
  repeats: { type: "string", default: "3" },
  python: { type: "string", default: "python3" },
  cache: { type: "string", default: join(tmpdir(), "flightbatch-bench") },
} as const;

type Task = "aggregate" | "compare";

/** One that does the tasks: its command, and what it answers. */
interface Contender {
  name: string;
  command(task: Task, pair: ResultPair, output: string): string[];
  answers(task: Task, json: unknown): Answers;
}

interface Figures {
  name: string;
  wall: number[];
  cpu: number[];
  peakBytes: number | null;
}

const OURS: Contender = {
  name: "flightbatch",
  command: (task, { a, b }, output) => [
    ...[process.execPath, "bin/flightbatch", task],
    ...(task === "aggregate"
      ? ["--input", a, "--output", output, "--trend", "day", "--quiet"]
      : [a, b, "--no-attribution", "--output", output]),
  ],
  answers: (task, json) => (task === "aggregate" ? ofSummary : ofComparison)(json as Record<string, unknown>),
};

/**
 * Measures `aggregate` and `compare` beside pandas and polars on made results. The answers of all have to agree before any time counts.
 * Exit code 0; 1 if they do not.
 */
export async function benchResults(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: FLAGS });
  const pair = await madeResults(Number(values.rows), values.cache);
  const contenders = [OURS, peer("pandas", values.python), peer("polars", values.python)];
  console.log(`Two results of ${pair.rows.toLocaleString("en-US")} rows; best (median) of ${values.repeats}`);
  const scratch = await mkdtemp(join(tmpdir(), "flightbatch-bench-results-"));
  try {
    let faults = 0;
    for (const task of ["aggregate", "compare"] as const) {
      const { figures, differ } = await measure(task, { pair, contenders, scratch, repeats: Number(values.repeats) });
      console.log(`\n${task}\n${["", "wall s", "CPU s", "peak memory"].map(cell).join("")}`);
      for (const one of figures) console.log(rowOf(one).map(cell).join(""));
      for (const line of differ) console.log(`! ${line}`);
      faults += differ.length;
    }
    return faults > 0 ? 1 : 0;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function peer(name: string, python: string): Contender {
  return {
    name,
    command: (task, { a, b }, output) => [
      ...[python, `bench/peers/results_${name}.py`, task, a],
      ...(task === "compare" ? [b] : []),
      output,
    ],
    answers: (_, json) => flatten(json),
  };
}

interface Bench {
  pair: ResultPair;
  contenders: readonly Contender[];
  scratch: string;
  repeats: number;
}

/** One run for memory and answers, then runs in turn for the time. */
async function measure(task: Task, { pair, contenders, scratch, repeats }: Bench) {
  const figures: Figures[] = [];
  const answers: Answers[] = [];
  const commandOf = (one: Contender) => wrapped(task, one.command(task, pair, join(scratch, `${one.name}.json`)));
  for (const one of contenders) {
    const { peakBytes } = await runWatched(commandOf(one));
    answers.push(one.answers(task, JSON.parse(await readFile(join(scratch, `${one.name}.json`), "utf8"))));
    figures.push({ name: one.name, wall: [], cpu: [], peakBytes });
  }
  for (let i = 0; i < repeats; i++) {
    for (const [k, one] of contenders.entries()) {
      const { wallSeconds, cpuSeconds } = await runTimed(commandOf(one));
      figures[k]!.wall.push(wallSeconds);
      figures[k]!.cpu.push(cpuSeconds);
    }
  }
  const differ = contenders.slice(1).flatMap(({ name }, i) => {
    const found = disagreements(answers[0]!, answers[i + 1]!);
    return found.slice(0, 5).map((line) => `${OURS.name} and ${name} differ (${found.length}): ${line}`);
  });
  return { figures, differ };
}

/** Results that differ end `compare` with 1, which is no failure here. */
function wrapped(task: Task, command: string[]): string[] {
  return task === "compare" ? ["bash", "-c", '"$@" > /dev/null; [ $? -le 1 ]', "bash", ...command] : command;
}

function rowOf({ name, wall, cpu, peakBytes }: Figures): string[] {
  const spread = (values: readonly number[]) => `${Math.min(...values).toFixed(1)} (${median(values).toFixed(1)})`;
  return [name, spread(wall), spread(cpu), peakBytes === null ? "-" : `${Math.round(peakBytes / 1e6)} MB`];
}

function cell(text: string, column: number): string {
  return column === 0 ? text.padEnd(14) : text.padStart(16);
}
