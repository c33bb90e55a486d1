import { NS_PER_SECOND } from "../windows/grid.ts";
import type { Samples, SampleValues } from "../windows/series.ts";

/**
 * The speed of a shaft as it turns: samples of its speed in percent, and the turns (of one order, whole turns dropped) from the first
 * sample of each stretch to each sample. Speed is linear between samples, and constant before the first and after the last of a stretch.
 */
export interface ShaftTurns {
  times: Float64Array;
  speedPercent: SampleValues;
  /** Turns up to each sample, from 0 up to 1. */
  turns: Float64Array;
  /** Turns per second at one percent of speed. */
  hertzPerPercent: number;
}

/** Integrates the speed's samples; each index of `stretchStarts` (ascending) begins a stretch that knows nothing of those before it. */
export function integrateTurns(speed: Samples, hertzPerPercent: number, stretchStarts: Int32Array): ShaftTurns {
  const { times, values } = speed;
  const turns = new Float64Array(times.length);
  let stretch = 0;
  let total = 0;
  for (let i = 0; i < times.length; i++) {
    while (stretch < stretchStarts.length && stretchStarts[stretch]! < i) stretch++;
    if (i === 0 || stretchStarts[stretch] === i) total = 0;
    else {
      const seconds = (times[i]! - times[i - 1]!) / NS_PER_SECOND;
      total += hertzPerPercent * 0.5 * (values[i]! + values[i - 1]!) * seconds;
      total -= Math.floor(total);
    }
    turns[i] = total;
  }
  return { times, speedPercent: values, turns, hertzPerPercent };
}
