import type { Choice, Comparison } from "../tune/choose.ts";
import type { TuneReport } from "../tune/find-settings.ts";
import type { Limit } from "../tune/limits.ts";
import type { Latency, SettingResult, TimedStage } from "../tune/setting.ts";
import { significant, type TableRow, tableLines } from "./text-table.ts";
import { bytesInWords, counted, duration, grouped } from "./words.ts";

/** What the stages are called here, in their order. */
const STAGES: [TimedStage, string][] = [
  ["read", "read"],
  ["decode", "decode"],
  ["compute", "features"],
  ["infer", "inference"],
  ["file", "whole file"],
  ["write", "write part"],
];

/** What was found out, in words. `command`: what to type. */
export function describeTuning(report: TuneReport, command: string): string {
  const { workers, batchSizes } = report;
  const stages = STAGES.map(([, name]) => name);
  const lines = [
    ...describeSample(report),
    ...describeNoise(report),
    "",
    ...settingsTable(report, ["windows/s", "lowest to highest", "rounds", "memory"], rateCells),
    "",
    "Milliseconds for a file, or for a part of several: p50 / p95 / p99",
    ...settingsTable(report, stages, latencyCells),
    "",
    ...describeChoice("Workers", workers, ({ setting }) => setting.workers),
    ...(batchSizes === null
      ? ["Batch size: not compared"]
      : describeChoice("Batch size", batchSizes, ({ setting }) => setting.batchSize)),
    ...describeLimit(report),
    "To type:",
    `  ${command}`,
  ];
  return `${lines.join("\n")}\n`;
}

function describeSample({ model, machine, sample, seconds }: TuneReport): string[] {
  const { before, after } = machine.otherProgramsCores;
  const { files, bytes, total, repeats, windows } = sample;
  const times = repeats === 1 ? "" : `, ${repeats} times each`;
  const failed = sample.failed === 0 ? "" : `; ${counted(sample.failed, "file")} that failed left out`;
  return [
    `Model: ${model.detector} ${model.version}`,
    `Machine: ${counted(machine.cores, "core")} (${machine.cpu}); other programs took ${before.toFixed(1)} of them before, ${after.toFixed(1)} after`,
    `Sample: ${grouped(files)} of ${counted(total.files, "file")} (${bytesInWords(bytes)} of ${bytesInWords(total.bytes)}), evenly over the list${failed}`,
    `A pass: these files${times}, ${counted(windows, "window")}. Each time new processes, a pass to warm up and a pass that counts; ${duration(1000 * seconds)} in all`,
  ];
}

/** So much of the cores in other hands changes what is found. */
const NOISY_SHARE = 0.2;

function describeNoise({ machine: { cores, otherProgramsCores } }: TuneReport): string[] {
  const { before, after } = otherProgramsCores;
  if (Math.max(before, after) < NOISY_SHARE * cores) return [];
  return ["! The machine is busy with other programs: what is found holds while it is. Try again when it is quiet."];
}

/** A row for each setting: first those that differ in the number of workers, then those that differ in the batch size. */
function settingsTable(
  { workers, batchSizes }: TuneReport,
  head: string[],
  cells: (result: SettingResult) => TableRow,
): string[] {
  const row = (result: SettingResult) => [result.setting.workers, grouped(result.setting.batchSize), ...cells(result)];
  const blank = ["", "", ...head.map(() => "")];
  const sized = batchSizes === null ? [] : [blank, ...inOrder(batchSizes).map(row)];
  return tableLines([["workers", "batch", ...head], ...inOrder(workers).map(row), ...sized], []);
}

function inOrder({ chosen, others }: Choice): SettingResult[] {
  const results = [chosen, ...others.map(({ result }) => result)];
  return results.sort((a, b) => a.setting.workers - b.setting.workers || a.setting.batchSize - b.setting.batchSize);
}

function rateCells({ windowsPerSecond, median, lowest, highest, memoryBytes }: SettingResult): TableRow {
  const rounds = windowsPerSecond.filter((rate) => rate !== null).length;
  const whole = (value: number) => grouped(Math.round(value));
  return [whole(median), `${whole(lowest)} to ${whole(highest)}`, rounds, bytesInWords(memoryBytes)];
}

function latencyCells({ latencyMs }: SettingResult): TableRow {
  return STAGES.map(([stage]) => latencyWords(latencyMs[stage]));
}

function latencyWords(latency: Latency | null): string {
  if (latency === null) return "-";
  return [latency.p50, latency.p95, latency.p99].map((value) => significant(value, 2)).join(" / ");
}

function describeChoice(name: string, { chosen, others }: Choice, of: (result: SettingResult) => number): string[] {
  return [
    `${name}: ${grouped(of(chosen))}`,
    ...others.map((other) => `  ${grouped(of(other.result))}: ${comparisonWords(other)}`),
  ];
}

function comparisonWords({ difference, isTold }: Comparison): string {
  if (difference === null) return "too few rounds to tell a difference";
  const percent = (share: number) => `${(100 * share).toFixed(0)}%`;
  const { mean, low, high } = difference;
  if (!isTold) return `no difference that can be told (95% interval ${percent(low)} to ${percent(high)})`;
  return mean < 0
    ? `slower by ${percent(-mean)} (95% interval ${percent(-high)} to ${percent(-low)})`
    : `faster by ${percent(mean)} (95% interval ${percent(low)} to ${percent(high)})`;
}

const LIMITS: Record<Limit, string> = {
  disk: "reading the files",
  decode: "decode",
  compute: "compute (features)",
  inference: "inference",
  write: "writing the results",
};

function describeLimit({ limit, firstReading, suggestion, batchSizes, workers }: TuneReport): string[] {
  const { shares } = (batchSizes ?? workers).chosen;
  const percent = (share: number) => `${Math.round(100 * share)}%`;
  const byStage = `read ${percent(shares.read)}, decode ${percent(shares.decode)}, features ${percent(shares.compute)}, inference ${percent(shares.infer)}, write ${percent(shares.write)}, nothing to do ${percent(shares.idle)}`;
  const rate = (bytes: number) => `${bytesInWords(bytes)}/s`;
  const { deviceBytesPerSecond: device, wantedBytesPerSecond: wanted } = limit;
  const disk =
    device === null
      ? `Disk: not measured, for the files were in memory, or are on a network drive (${bytesInWords(firstReading.bytes)} at ${rate(firstReading.bytes / firstReading.seconds)})`
      : `Disk or store: the first reading went at ${rate(device)}, by one reader; ${counted(suggestion.workers, "worker")} take in ${rate(wanted)}`;
  const isDisk = device !== null && device < wanted;
  return [`Limited by ${isDisk ? "the disk or store" : LIMITS[limit.limit]}. The workers' time: ${byStage}`, disk];
}
