const NS_PER_SECOND = 1_000_000_000n;

/** Names and dates windows by their starts, which count from `originNs` in whole nanoseconds. */
export class WindowClock {
  readonly #originNs: bigint;
  readonly #originSeconds: number;
  readonly #originRestNs: number;

  constructor(originNs: bigint) {
    const rest = ((originNs % NS_PER_SECOND) + NS_PER_SECOND) % NS_PER_SECOND;
    this.#originNs = originNs;
    this.#originRestNs = Number(rest);
    this.#originSeconds = Number((originNs - rest) / NS_PER_SECOND);
  }

  /** Nanoseconds since 1970 UTC. */
  instantNs(startNs: number): bigint {
    return this.#originNs + BigInt(startNs);
  }

  /** The same of each of these, which are written as halves: a BigInt for each would cost ten times as much. */
  instantsNs(startsNs: Float64Array): BigInt64Array {
    const instants = new BigInt64Array(startsNs.length);
    const halves = new Int32Array(instants.buffer);
    const originLow = Number(BigInt.asUintN(32, this.#originNs));
    const originHigh = Number(this.#originNs >> 32n);
    for (let i = 0; i < startsNs.length; i++) {
      const low = originLow + startsNs[i]!;
      const carried = Math.floor(low / 4294967296);
      halves[2 * i] = low - carried * 4294967296;
      halves[2 * i + 1] = originHigh + carried;
    }
    return instants;
  }

  /** Whole seconds since 1970 UTC, rounded down. */
  seconds(startNs: number): number {
    return this.#originSeconds + Math.floor((this.#originRestNs + startNs) / 1e9);
  }

  /** `<aircraft>_<epoch seconds>`, with the fraction where it is not 0: the id of a window that has none of its own. */
  windowId(aircraftId: string, startNs: number): string {
    const ns = this.#originRestNs + startNs;
    const seconds = Math.floor(ns / 1e9);
    const rest = ns - seconds * 1e9;
    const fraction = rest === 0 ? "" : `.${String(rest).padStart(9, "0").replace(/0+$/, "")}`;
    return `${aircraftId}_${this.#originSeconds + seconds}${fraction}`;
  }
}

const DAY_SECONDS = 86_400;
let lastDay = { number: 0, name: "1970-01-01" };

/** UTC day of a time in seconds since 1970, `YYYY-MM-DD`. Nearly all windows are of the day of the one before. */
export function dayOfSeconds(seconds: number): string {
  const number = Math.floor(seconds / DAY_SECONDS);
  if (number !== lastDay.number)
    lastDay = { number, name: new Date(number * DAY_SECONDS * 1000).toISOString().slice(0, 10) };
  return lastDay.name;
}
