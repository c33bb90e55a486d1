import { STAGES } from "../task/task-trace.ts";
import { quantile } from "./quantile.ts";
import { type Latency, type Pass, type Setting, type SettingResult, TIMED, type TimedStage } from "./setting.ts";

/** What came of a setting whose passes, by round, are these; null where the round had none. At least one is there. */
export function summariseSetting(setting: Setting, rounds: readonly (Pass | null)[]): SettingResult {
  const passes = rounds.filter((pass) => pass !== null);
  const sum = (of: (pass: Pass) => number) => passes.reduce((total, pass) => total + of(pass), 0);
  const rates = passes.map(({ windows, seconds }) => windows / seconds);
  const seconds = sum((pass) => pass.seconds);
  const shareOf = (milliseconds: number) => milliseconds / (1000 * seconds * setting.workers);
  const shares = Object.fromEntries(STAGES.map((stage) => [stage, shareOf(sum((pass) => pass.stagesMs[stage]))]));
  const busy = Object.values(shares).reduce((total, share) => total + share, 0);
  const latency = (stage: TimedStage) => latencyOf(passes.flatMap((pass) => pass.latenciesMs[stage]));
  return {
    setting,
    windows: passes[0]!.windows,
    windowsPerSecond: rounds.map((pass) => (pass === null ? null : pass.windows / pass.seconds)),
    median: quantile(rates, 0.5),
    lowest: Math.min(...rates),
    highest: Math.max(...rates),
    latencyMs: Object.fromEntries(TIMED.map((stage) => [stage, latency(stage)])) as SettingResult["latencyMs"],
    inferenceMsPerWindow: sum((pass) => pass.inferenceMs) / sum((pass) => pass.windows),
    memoryBytes: Math.max(...passes.map((pass) => pass.memoryBytes)),
    shares: { ...shares, idle: Math.max(0, 1 - busy) } as SettingResult["shares"],
    bytesPerSecond: sum((pass) => pass.bytes) / seconds,
  };
}

function latencyOf(milliseconds: readonly number[]): Latency | null {
  if (milliseconds.length === 0) return null;
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => quantile(milliseconds, q));
  return { p50: p50!, p95: p95!, p99: p99! };
}
