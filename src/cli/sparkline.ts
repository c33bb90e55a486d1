import type { Terminal } from "./output.ts";

const BLOCKS = "▁▂▃▄▅▆▇█";
const ASCII = "_.:-=+*#";
/** Characters of a line; of a longer time several days share one. */
const MOST_CHARACTERS = 40;
const DAY_MS = 86_400_000;

/** Windows and how many of them are anomalous, by UTC day. */
export type Days = ReadonlyMap<string, { windows: number; anomalies: number }>;

/** Whether block characters come out right: on a terminal whose locale is UTF-8, and nowhere else for sure. */
export function showsBlocks({ isTTY }: Terminal["out"], env: NodeJS.ProcessEnv = process.env): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || "";
  return isTTY === true && env.TERM !== "dumb" && /utf-?8/i.test(locale);
}

/** The days of a trend laid out on a line of few characters, the same for all that is drawn below each other. */
export class DayAxis {
  /** UTC days. */
  readonly first: string;
  readonly last: string;
  /** Days of a character. */
  readonly span: number;
  readonly #start: number;
  readonly #count: number;

  /** Reaches over `days`, of which there is at least one. */
  constructor(days: Days) {
    const sorted = [...days.keys()].sort();
    this.first = sorted[0]!;
    this.last = sorted[sorted.length - 1]!;
    this.#start = dayNumber(this.first);
    const all = dayNumber(this.last) - this.#start + 1;
    this.span = Math.ceil(all / MOST_CHARACTERS);
    this.#count = Math.ceil(all / this.span);
  }

  /** The anomaly rate of each character's days, null where nothing was scored. */
  rates(days: Days): (number | null)[] {
    const sums = Array.from({ length: this.#count }, () => ({ windows: 0, anomalies: 0 }));
    for (const [day, { windows, anomalies }] of days) {
      const sum = sums[Math.floor((dayNumber(day) - this.#start) / this.span)]!;
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

function dayNumber(day: string): number {
  return Math.round(Date.parse(day) / DAY_MS);
}
