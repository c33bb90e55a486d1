import { basename } from "node:path";
import type { InputFile } from "../../io/input-file.ts";
import type { RunPlan } from "../plan.ts";
import { PROCESSOR } from "../plan-record.ts";
import type { SettledOptions } from "../run-options.ts";

/** Of more files of one kind of difference, the first are named. */
const FILES_NAMED = 5;

/** A plan, and for how many shards and which output it was made. */
export interface PlannedShards {
  plan: RunPlan;
  settled: Pick<SettledOptions, "output">;
  shards: number;
}

/** In what this shard's plan differs from that of the others, a sentence each; nothing where both come to the same rows. */
export function planDifferences(own: PlannedShards, others: PlannedShards): string[] {
  const differences: string[] = [];
  const compare = (name: string, here: string, there: string) => {
    if (here !== there) differences.push(`${name}: ${here || "none"} here, ${there || "none"} in the others`);
  };
  compare("the number of shards", String(own.shards), String(others.shards));
  compare("--output", basename(own.settled.output), basename(others.settled.output));
  const [here, there] = [own.plan.record.ingredients, others.plan.record.ingredients];
  for (const name of new Set([...Object.keys(here), ...Object.keys(there)]))
    if (name !== PROCESSOR) compare(name, here[name] ?? "", there[name] ?? "");
  return [...differences, ...fileDifferences(filesOf(own.plan), filesOf(others.plan))];
}

function filesOf({ tasks }: RunPlan): InputFile[] {
  return tasks.flatMap(({ files }) => files);
}

function fileDifferences(own: readonly InputFile[], others: readonly InputFile[]): string[] {
  const [here, there] = [own, others].map((files) => new Map(files.map((file) => [file.path, stampOf(file)]))) as [
    Map<string, string>,
    Map<string, string>,
  ];
  const added = own.filter(({ path }) => !there.has(path)).map(({ path }) => path);
  const gone = others.filter(({ path }) => !here.has(path)).map(({ path }) => path);
  const changed = own
    .filter((file) => there.has(file.path) && there.get(file.path) !== stampOf(file))
    .map(({ path }) => path);
  const differences = [...named("new here", added), ...named("not there any more", gone), ...named("changed", changed)];
  if (differences.length > 0) return differences;
  return own.some(({ path }, i) => path !== others[i]!.path) ? ["the same files in another order"] : [];
}

function stampOf({ sizeBytes, modifiedNs, sidecarStamp }: InputFile): string {
  return JSON.stringify([sizeBytes, modifiedNs, sidecarStamp]);
}

function named(what: string, paths: readonly string[]): string[] {
  if (paths.length <= FILES_NAMED) return paths.map((path) => `${path}: ${what}`);
  return [
    ...paths.slice(0, FILES_NAMED).map((path) => `${path}: ${what}`),
    `${paths.length - FILES_NAMED} more: ${what}`,
  ];
}
