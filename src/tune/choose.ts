import { canBeTold, type Difference, differenceOf } from "./difference.ts";
import type { SettingResult } from "./setting.ts";

/** How another setting compares with the one that was chosen: its rate beyond that of the chosen one, as a share. */
export interface Comparison {
  result: SettingResult;
  difference: Difference | null;
  /** Whether the difference can be told from none. */
  isTold: boolean;
}

/** The setting to use, and how the others compare with it. */
export interface Choice {
  chosen: SettingResult;
  others: Comparison[];
}

/** The setting to use of those that were tried: the fastest, or the usual one where that cannot be told from it. */
export function chooseSetting(results: readonly SettingResult[], isUsual: (result: SettingResult) => boolean): Choice {
  const fastest = results.reduce((best, one) => (one.median > best.median ? one : best));
  const usual = results.find(isUsual);
  const chosen = usual === undefined || compare(usual, fastest).isTold ? fastest : usual;
  return { chosen, others: results.filter((one) => one !== chosen).map((one) => compare(one, chosen)) };
}

function compare(result: SettingResult, other: SettingResult): Comparison {
  const difference = differenceOf(result.windowsPerSecond, other.windowsPerSecond);
  return { result, difference, isTold: canBeTold(difference) };
}
