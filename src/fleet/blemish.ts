import type { FlightSignals } from "./flight.ts";
import type { Random } from "./random.ts";

/** What recorders do to a flight now and then; every one of these is read, with a few windows skipped at most. */
export type Blemish = "gap" | "lost_n1" | "stuck_n1";

/** Share of the flights that have a blemish. */
const BLEMISHED_SHARE = 0.3;
/** Length of each blemish. Lost and stuck speeds are short enough for the recipe to fill in. */
const BLEMISH_SECONDS = { gap: 7, lost_n1: 6, stuck_n1: 4 } as const satisfies Record<Blemish, number>;
const BLEMISHES: readonly Blemish[] = ["gap", "lost_n1", "stuck_n1"];
/** What a failed speed sensor reads: far outside 0 to 110 percent. */
const STUCK_PERCENT = -999;

/** The blemish of one flight, or null for most of them. */
export function drawBlemish(random: Random): Blemish | null {
  if (random.uniform() >= BLEMISHED_SHARE) return null;
  return BLEMISHES[Math.floor(random.uniform() * BLEMISHES.length)]!;
}

/** The flight with a blemish somewhere in its middle half. Its arrays are used up: go on with the returned flight. */
export function withBlemish(signals: FlightSignals, blemish: Blemish, random: Random): FlightSignals {
  const rows = signals.ticks.length;
  const from = Math.floor(rows * (0.25 + 0.5 * random.uniform()));
  const to = Math.min(rows, from + Math.round(BLEMISH_SECONDS[blemish] * signals.rateHz));
  if (blemish === "gap") return withoutRows(signals, from, to);
  if (blemish === "lost_n1") signals.n1.fill(Number.NaN, from, to);
  else for (let row = from; row < to; row++) if (!Number.isNaN(signals.n1[row]!)) signals.n1[row] = STUCK_PERCENT;
  return signals;
}

/** The flight without its rows `from` to `to` (exclusive). */
export function withoutRows(signals: FlightSignals, from: number, to: number): FlightSignals {
  const rest = (values: Float32Array) => {
    const kept = new Float32Array(values.length - (to - from));
    kept.set(values.subarray(0, from));
    kept.set(values.subarray(to), from);
    return kept;
  };
  return {
    rateHz: signals.rateHz,
    ticks: signals.ticks.filter((_, row) => row < from || row >= to),
    vibFan: rest(signals.vibFan),
    vibCompressor: rest(signals.vibCompressor),
    vibTurbine: rest(signals.vibTurbine),
    n1: rest(signals.n1),
    n2: rest(signals.n2),
    egt: rest(signals.egt),
    oilPressure: rest(signals.oilPressure),
    oilTemperature: rest(signals.oilTemperature),
    phase: rest(signals.phase),
  };
}
