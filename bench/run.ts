import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { Fault } from "../src/faults/fault.ts";
import { type Comparison, compare } from "./compare.ts";
import { type Contender, contender, goldenFault, pythonVersions } from "./contenders.ts";
import { describeData, madeFleet } from "./fleet-data.ts";
import { type BenchOptions, parseBenchOptions } from "./options.ts";
import { benchResults } from "./results/run.ts";
import { ratiosOf, scoreOf } from "./statistics.ts";
import { ratioTable, scoreTable } from "./tables.ts";

/** Next to no work: what a contender takes for it is its start. */
const START_FLEET = { flights: 1, seconds: 60 };

/** Progress goes to standard error, the tables to standard output. */
const say = (line: string) => console.error(line);

/** The contenders whose answers can be counted on, and the versions of their libraries. */
async function admitted(options: BenchOptions, scratch: string) {
  const peers = options.only.filter((name) => name !== "flightbatch");
  const python = peers.length === 0 ? "not asked for" : await pythonVersions(options.python);
  if (peers.length > 0 && typeof python === "string") say(`No peers to compare with: ${options.python}: ${python}`);
  const names = typeof python === "string" ? options.only.filter((name) => name === "flightbatch") : options.only;
  const contenders: Contender[] = [];
  for (const name of names) {
    const candidate = contender(name, options.python);
    const isChecked = name === "decode" || typeof python === "string";
    const fault = isChecked
      ? null
      : await goldenFault(candidate, options.python, join(scratch, `golden-${name}.parquet`));
    if (fault === null) contenders.push(candidate);
    else say(`${name} is left out: ${fault}`);
  }
  return { python, contenders, leftOut: names.length - contenders.length };
}

function print({ data, trials, remarks }: Comparison, options: BenchOptions): void {
  const scores = trials.map(scoreOf);
  const [megabytes, times] = [
    (data.bytes / 1e6).toFixed(0),
    `${options.workers} workers, best (median) of ${options.repeats}`,
  ];
  console.log(
    `\n${data.title}: ${data.files} files, ${Math.max(...trials.map((trial) => trial.windows))} windows, ${megabytes} MB; ${times}\n`,
  );
  for (const line of scoreTable(scores)) console.log(line);
  const ours = scores.find((score) => score.name === "flightbatch");
  const peers = scores.filter((score) => score !== ours);
  if (ours !== undefined && peers.length > 0)
    console.log(["", ...ratioTable(ours.name, ratiosOf(ours, peers))].join("\n"));
  for (const remark of remarks) console.log(`\n! ${remark}`);
}

async function main(): Promise<number> {
  const options = parseBenchOptions(process.argv.slice(2));
  const scratch = await mkdtemp(join(tmpdir(), "flightbatch-bench-run-"));
  try {
    const { python, contenders, leftOut } = await admitted(options, scratch);
    if (contenders.length === 0) throw new Error("nothing is left to be measured");
    const comparisons: Comparison[] = [];
    const fleets = options.data === null ? options.fleets : [null];
    for (const [i, fleet] of fleets.entries()) {
      say(fleet === null ? options.data! : `${fleet.flights} flights at ${fleet.rateHz} Hz`);
      const data = fleet === null ? describeData(options.data!, options.data!) : madeFleet(fleet, options.cache);
      const startData = (await madeFleet({ ...START_FLEET, rateHz: fleet?.rateHz ?? 10 }, options.cache)).folder;
      const own = await mkdtemp(join(scratch, `${i}-`));
      const comparison = await compare(await data, contenders, { options, scratch: own, startData, say });
      print(comparison, options);
      comparisons.push(comparison);
    }
    const machine = { cpu: cpus()[0]?.model, cores: cpus().length, platform: process.platform, node: process.version };
    if (options.json !== null)
      await writeFile(options.json, `${JSON.stringify({ machine, python, options, comparisons }, null, 1)}\n`);
    return leftOut > 0 || comparisons.some((comparison) => comparison.remarks.length > 0) ? 1 : 0;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

try {
  const [first, ...more] = process.argv.slice(2);
  process.exitCode = first === "--results" ? await benchResults(more) : await main();
} catch (error) {
  say(error instanceof Fault ? error.message : String(error));
  process.exitCode = 2;
}
