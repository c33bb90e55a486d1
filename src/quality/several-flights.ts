import type { Samples } from "../windows/series.ts";
import type { SignalFinding } from "./finding.ts";
import { type FlightView, RUNNING_PERCENT, STANDSTILL_PERCENT, short } from "./flight-view.ts";

/** A gap in the rows longer than this is between flights. */
const GAP_SECONDS = 1800;
/** The shaft stands still for so long between two runs of so long. */
const STOP_SECONDS = 120;
const RUN_SECONDS = 60;
/** About how far apart the speeds are that are looked at. */
const LOOK_SECONDS = 15;

/** From where to where a flight is interrupted, nanoseconds from the flight's origin. */
interface Break {
  from: number;
  to: number;
}

/** Breaks at which one flight seems to end and another to begin: gaps in the rows, or a shaft that stopped between two runs. */
export function findSeveralFlights(view: FlightView): SignalFinding | null {
  const gaps = gapsOf(view.flight);
  const stops = view.speed === null ? [] : stopsOf(view.speed, view.stepNs(view.speed.times));
  const breaks = [...gaps, ...stops.filter(({ from, to }) => !gaps.some((gap) => gap.from < to && gap.to > from))];
  if (breaks.length === 0) return null;
  const lengths = breaks.map(({ from, to }) => (to - from) / 1e9);
  const worst = Math.max(...lengths);
  const longest = breaks[lengths.indexOf(worst)]!;
  const what = gaps.includes(longest) ? "no rows" : `the shaft below ${STANDSTILL_PERCENT} percent between two runs`;
  return {
    check: "several_flights",
    count: breaks.length + 1,
    seconds: lengths.reduce((sum, seconds) => sum + seconds, 0),
    worst,
    example: `${what} for ${short(worst)} s from ${view.instantText(longest.from)}`,
  };
}

function gapsOf({ input: { rowTimes, rowSteps } }: FlightView["flight"]): Break[] {
  const gaps: Break[] = [];
  if (rowSteps && rowSteps.largest <= GAP_SECONDS * 1e9) return gaps;
  for (let i = 1; i < rowTimes.length; i++) {
    if (rowTimes[i]! - rowTimes[i - 1]! > GAP_SECONDS * 1e9) gaps.push({ from: rowTimes[i - 1]!, to: rowTimes[i]! });
  }
  return gaps;
}

/** Stops of the shaft that lie between two runs. */
function stopsOf({ times, values }: Samples, stepNs: number): Break[] {
  const stride = Math.max(1, Math.round((LOOK_SECONDS * 1e9) / stepNs) || 1);
  const stops: Break[] = [];
  let ranSince = Number.NaN;
  let hasRun = false;
  let stop = { from: Number.NaN, to: Number.NaN };
  for (let i = 0; i < times.length; i += stride) {
    const time = times[i]!;
    if (values[i]! < STANDSTILL_PERCENT) {
      ranSince = Number.NaN;
      if (hasRun) stop = { from: Number.isNaN(stop.from) ? time : stop.from, to: time };
    } else if (values[i]! >= RUNNING_PERCENT) {
      if (Number.isNaN(ranSince)) ranSince = time;
      if (time - ranSince < RUN_SECONDS * 1e9) continue;
      if (stop.to - stop.from >= STOP_SECONDS * 1e9) stops.push(stop);
      stop = { from: Number.NaN, to: Number.NaN };
      hasRun = true;
    }
  }
  return stops;
}
