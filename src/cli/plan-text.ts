import type { FaultDetail } from "../faults/fault.ts";
import { printable } from "../model/printable.ts";
import type { Range } from "../run/forecast/estimate.ts";
import type { Forecast } from "../run/forecast/forecast.ts";
import type { ForeseenFile } from "../run/forecast/foresee-file.ts";
import { bytesInWords, counted, duration, grouped } from "./words.ts";

/** Failures and parts done again that are named; `--verbose` names all. */
const SHOWN = 10;

/** Everything that would be in `failures.jsonl`, as far as can be told. */
export function forecastFailures({ files, listingFaults }: Forecast): FaultDetail[] {
  return [...listingFaults, ...files.flatMap(({ failure }) => failure ?? [])];
}

/** What a run would do, in words. */
export function describeForecast(forecast: Forecast, { verbose }: { verbose: boolean }): string {
  const { model, files, tasks, redone, warnings } = forecast;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const shown = verbose ? Number.POSITIVE_INFINITY : SHOWN;
  const failures = forecastFailures(forecast);
  const lines = [
    `Model: ${model.detector} ${model.version} (${model.sha256.slice(0, 12)})`,
    `Files: ${grouped(files.length)} to read, ${bytesInWords(bytes)}${bracketed(kindsInWords(files))}`,
    ...prunedLines(forecast, verbose),
    `Windows: ${windowsInWords(forecast)}`,
    `Tasks: ${grouped(tasks.total)}${tasks.standing > 0 ? `, of which ${grouped(tasks.standing)} stand from before` : ""}${tasks.bytes === null ? "" : `; ${bytesInWords(tasks.bytes.smallest)} to ${bytesInWords(tasks.bytes.largest)} each`}`,
    ...some(redone, shown).map((line) => `  done again: ${printable(line, 300)}`),
    `Will fail: ${failures.length === 0 ? "nothing that footers and headers show" : grouped(failures.length)}`,
    ...some(failures.map(failureInWords), shown).map((line) => `  ${line}`),
    ...(verbose ? files.map(fileInWords) : []),
    ...estimateLines(forecast),
    ...warnings.map((warning) => `Warning: ${printable(warning, 300)}`),
  ];
  return `${lines.join("\n")}\n`;
}

function kindsInWords(files: readonly ForeseenFile[]): string {
  const counts = new Map<string, number>();
  for (const { format, kind, passedOver } of files) {
    const name = passedOver ? "results of our own, passed over" : `${kind ?? "unrecognised"} ${format}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${grouped(count)} ${name}`).join(", ");
}

function prunedLines({ pruned }: Forecast, verbose: boolean): string[] {
  const rules = Object.entries(pruned.countsByRule).map(([rule, count]) => `  ${grouped(count)} by ${rule}`);
  const names = verbose ? pruned.files.map(({ path, reason }) => `  ${printable(`${path}: ${reason}`, 300)}`) : [];
  return pruned.files.length === 0
    ? []
    : [`Left out by the filter: ${grouped(pruned.files.length)}`, ...rules, ...names];
}

function windowsInWords({ windows, options, files }: Forecast): string {
  const reasons = new Map<string, number>();
  for (const { windows: own, windowsUnknown, failure } of files) {
    if (own !== null) continue;
    const why = windowsUnknown ?? failure?.found ?? "";
    reasons.set(why, (reasons.get(why) ?? 0) + 1);
  }
  const unknown = [...reasons].map(([why, count]) => `${grouped(count)} ${printable(why, 100)}`).join("; ");
  const filtered = options.filter === null ? "" : ", before the filter";
  const rest = windows.unknownFiles === 0 ? "" : `, and those of ${counted(windows.unknownFiles, "file")} (${unknown})`;
  return `${grouped(windows.expected)} expected${filtered}${rest}`;
}

function failureInWords(failure: FaultDetail & { certain?: boolean }): string {
  const likely = failure.certain === false ? "likely: " : "";
  return `${likely}${printable(`${failure.path ?? ""}: ${failure.found}`, 300)} [${failure.code}]`;
}

function fileInWords({
  path,
  format,
  kind,
  windows,
  windowsUnknown,
  failure,
  source,
  passedOver,
}: ForeseenFile): string {
  const what = `${printable(path, 200)}: ${kind ?? "unrecognised"} ${format}`;
  if (passedOver) return `${what}, results of our own, passed over`;
  if (failure?.certain === true) return `${what}, fails [${failure.code}]`;
  const stands = source === "earlier run" ? ", stands from before" : "";
  return `${what}, ${windows === null ? `windows unknown (${windowsUnknown})` : counted(windows, "window")}${stands}`;
}

function estimateLines({ tasks, estimate: { basis, seconds, memoryBytes } }: Forecast): string[] {
  if (tasks.standing === tasks.total) return ["Time and memory: nothing is left to score"];
  const by = basis === "constants" ? "measured on another machine" : "by what the run before took";
  return [
    `Time: ${range(seconds, (value) => duration(1000 * value))} (${by})`,
    `Memory: ${range(memoryBytes, bytesInWords)}`,
  ];
}

function range({ low, high }: Range, inWords: (value: number) => string): string {
  return `${inWords(low)} to ${inWords(high)}`;
}

function bracketed(text: string): string {
  return text === "" ? "" : ` (${text})`;
}

function some(lines: readonly string[], most: number): string[] {
  const rest = lines.length - most;
  return rest > 0 ? [...lines.slice(0, most), `... and ${grouped(rest)} more (--verbose)`] : [...lines];
}
