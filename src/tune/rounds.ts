import type { InputFile } from "../io/input-file.ts";
import type { Pass, Setting, SettingResult } from "./setting.ts";
import { summariseSetting } from "./summarise.ts";
import { runTrial, type TrialContext } from "./trial.ts";

/** Rounds that comparing needs, and beyond which there is little to gain. */
export const LEAST_ROUNDS = 3;
const MOST_ROUNDS = 10;

/** What the rounds are run with. */
export interface RoundsInput {
  settings: readonly Setting[];
  files: readonly InputFile[];
  context: TrialContext;
  /** By `performance.now()`: no round beyond the least is begun that would end later. */
  untilMs: number;
  /** Nothing at all is begun after it. */
  neverAfterMs: number;
  onTrial(setting: Setting, round: number): void;
}

/**
 * Tries the settings in turn, round by round, each time in fresh processes: one pass to warm up, and one that counts. Every other round goes
 * the other way, so that what drifts favours none. Settings that time left no pass for are not among the results.
 */
export async function runRounds(input: RoundsInput): Promise<SettingResult[] | null> {
  const passes = input.settings.map((): (Pass | null)[] => []);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const begun = performance.now();
    if (!(await runRound(input, round, passes))) return null;
    const took = performance.now() - begun;
    const isLate = performance.now() + took > input.untilMs;
    if ((round + 1 >= LEAST_ROUNDS && isLate) || performance.now() > input.neverAfterMs) break;
  }
  return input.settings.flatMap((setting, i) => {
    const own = passes[i]!;
    return own.some((pass) => pass !== null) ? [summariseSetting(setting, own)] : [];
  });
}

/** False if it was stopped. */
async function runRound(input: RoundsInput, round: number, passes: (Pass | null)[][]): Promise<boolean> {
  const { settings, files, context, neverAfterMs, onTrial } = input;
  const order = settings.map((_, i) => (round % 2 === 0 ? i : settings.length - 1 - i));
  for (const i of order) {
    const setting = settings[i]!;
    const isAnyDone = passes.some((own) => own.some((pass) => pass !== null));
    if (isAnyDone && performance.now() > neverAfterMs) {
      passes[i]!.push(null);
      continue;
    }
    onTrial(setting, round);
    const trial = await runTrial(setting, files, { ...context, passes: 2 });
    if (trial === null) return false;
    passes[i]!.push(trial.passes[1]!);
  }
  return true;
}
