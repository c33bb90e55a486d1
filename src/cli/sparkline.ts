import type { Terminal } from "./output.ts";

const BLOCKS = "▁▂▃▄▅▆▇█";
const ASCII = "_.:-=+*#";
/** Characters of a line; of a longer time several share one. */
const MOST_CHARACTERS = 40;

/** Windows and how many of them are anomalous, by the number of the day, week or month. */
export type Tallies = ReadonlyMap<number, { windows: number; anomalies: number }>;

/** Whether block characters come out right: on a terminal whose locale is UTF-8, and nowhere else for sure. */
export function showsBlocks({ isTTY }: Terminal["out"], env: NodeJS.ProcessEnv = process.env): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || "";
  return isTTY === true && env.TERM !== "dumb" && /utf-?8/i.test(locale);
}

/** The days, weeks or months of a trend laid out on a line of few characters, the same for all that is drawn below each other. */
export class TrendAxis {
  /** Periods of a character. */
  readonly span: number;
  readonly #first: number;
  readonly #count: number;

  /** Reaches over `periods`, of which there is at least one. */
  constructor(periods: Iterable<number>) {
    const sorted = [...periods].sort((a, b) => a - b);
    this.#first = sorted[0]!;
    const all = sorted[sorted.length - 1]! - this.#first + 1;
    this.span = Math.ceil(all / MOST_CHARACTERS);
    this.#count = Math.ceil(all / this.span);
  }

  /** The anomaly rate of each character's periods, null where nothing was scored. */
  rates(tallies: Tallies): (number | null)[] {
    const sums = Array.from({ length: this.#count }, () => ({ windows: 0, anomalies: 0 }));
    for (const [period, { windows, anomalies }] of tallies) {
      const sum = sums[Math.floor((period - this.#first) / this.span)]!;
      sum.windows += windows;
      sum.anomalies += anomalies;
    }
    return sums.map(({ windows, anomalies }) => (windows === 0 ? null : anomalies / windows));
  }
}

/** Rates as a line of characters from nothing to `highest`; one above 0 never looks like 0, and none is blank. */
export function sparkline(rates: readonly (number | null)[], highest: number, blocks: boolean): string {
  const characters = blocks ? BLOCKS : ASCII;
  const levels = characters.length - 1;
  const level = (rate: number) => (rate === 0 ? 0 : 1 + Math.min(levels - 1, Math.floor((rate / highest) * levels)));
  return rates.map((rate) => (rate === null ? " " : characters[level(rate)]!)).join("");
}
