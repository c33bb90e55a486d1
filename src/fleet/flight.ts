import type { Random } from "./random.ts";
import { type WearState, wearStrength } from "./wear.ts";

/** One simulated flight, a row per instant. Slow signals are NaN between their samples, and so is a lost sample. */
export interface FlightSignals {
  /** Rows per second. */
  rateHz: number;
  /** Instant of each row, in steps of `1 / rateHz` seconds since the start. */
  ticks: Int32Array;
  /** Vibration at the three bearings (mils), in every row. */
  vibFan: Float32Array;
  vibCompressor: Float32Array;
  vibTurbine: Float32Array;
  /** Spool speeds (percent of rated), 10 Hz. */
  n1: Float32Array;
  n2: Float32Array;
  /** Exhaust gas temperature (degC), 10 Hz. */
  egt: Float32Array;
  /** Oil pressure (psi) and temperature (degC), 1 Hz. */
  oilPressure: Float32Array;
  oilTemperature: Float32Array;
  /** Phase code, 0 ground to 7 landing, 1 Hz. */
  phase: Float32Array;
}

/** What `simulateFlight` is asked for. */
export interface FlightOptions {
  seconds: number;
  /** Rows per second: 10 or a multiple of it. */
  rateHz: number;
  wear: WearState;
  random: Random;
}

/** A phase of the plan; its code is its position in {@link PHASE_PLAN}. */
interface PlannedPhase {
  /** Share of the flight. */
  share: number;
  /** N1 that the phase asks for. */
  n1Percent: number;
  /** Second of a hop of {@link GRID_SECONDS} at which the phase ends. */
  endsAtSecond: number;
  /** The phase is no longer than this, however long the flight. */
  longestSeconds?: number;
}

/**
 * The phases of a flight. The example detector was trained on flights of five minutes and takes what it never saw for
 * an anomaly: a take-off of more than 18 s, or a change of power at another second of the windows' grid. A longer
 * flight keeps to both, so that a healthy engine scores as one.
 */
const PHASE_PLAN: readonly PlannedPhase[] = [
  { share: 0.05, n1Percent: 22, endsAtSecond: 0 },
  { share: 0.07, n1Percent: 28, endsAtSecond: 1 },
  { share: 0.06, n1Percent: 97, endsAtSecond: 4, longestSeconds: 18 },
  { share: 0.2, n1Percent: 92, endsAtSecond: 4 },
  { share: 0.32, n1Percent: 84, endsAtSecond: 0 },
  { share: 0.15, n1Percent: 45, endsAtSecond: 0 },
  { share: 0.08, n1Percent: 60, endsAtSecond: 4 },
  { share: 0.07, n1Percent: 35, endsAtSecond: 0 },
];

/** The hop of the example detector's windows. */
const GRID_SECONDS = 5;
/** The fan's speed at 100 percent N1. */
const RATED_RPM = 2560;
/** Time constant with which a spool follows the lever. */
const SPOOL_LAG_SECONDS = 4;
/** N1 wanders about its target: change per square root of a second (percent), and the time in which it comes back. */
const WANDER_PERCENT = 0.04;
const WANDER_SECONDS = 90;
/** Rates of the slow signals. */
const ENGINE_RATE_HZ = 10;
/** Steps of the recorder's converters. */
const VIB_STEPS_PER_MIL = 128;
const SPEED_STEPS_PER_PERCENT = 16;
/** What a fully grown wear adds: to the 1P amplitude, to the spread of the compressor bearing, to the gas temperature. */
const WORN = { imbalanceMils: 0.15, roughnessMils: 0.4, egtCelsius: 60 } as const;

/** A flight from the ground to the landing, with the shaft's own frequency in the vibration. Pure but for `random`. */
export function simulateFlight(options: FlightOptions): FlightSignals {
  const { seconds, rateHz, wear, random } = options;
  const signals = emptyFlight(Math.round(seconds * rateHz), rateHz);
  const rows = signals.ticks.length;
  const phaseEndRows = phaseEndSeconds(seconds).map((end) => end * rateHz);
  const lag = 1 - Math.exp(-1 / (SPOOL_LAG_SECONDS * rateHz));
  const wanderStep = WANDER_PERCENT / Math.sqrt(rateHz);
  const wanderKeep = Math.exp(-1 / (WANDER_SECONDS * rateHz));
  const radiansPerPercent = (2 * Math.PI * RATED_RPM) / (60 * 100 * rateHz);

  let phase = 0;
  let level = PHASE_PLAN[0]!.n1Percent;
  let wander = 0;
  let angle = 0;
  for (let row = 0; row < rows; row++) {
    while (row >= phaseEndRows[phase]!) phase++;
    level += lag * (PHASE_PLAN[phase]!.n1Percent - level);
    wander = wander * wanderKeep + wanderStep * random.normal();
    const n1 = clamp(level + wander, 0, 108);
    angle += n1 * radiansPerPercent;
    const strength = wearStrength(wear.severity, row / rows);
    recordVibration(signals, { row, n1, angle, strength, wear, random });
    if (row % (rateHz / ENGINE_RATE_HZ) === 0) recordEngine(signals, { row, n1, angle, strength, wear, random });
    if (row % rateHz === 0) recordOnce(signals, { row, n1, phase, random });
  }
  return signals;
}

interface Instant {
  row: number;
  n1: number;
  /** Shaft angle in radians since the start. */
  angle: number;
  strength: number;
  wear: WearState;
  random: Random;
}

function recordVibration(signals: FlightSignals, at: Instant): void {
  const { row, n1, angle, strength, random } = at;
  const unbalance = 0.35 + (at.wear.wear === "fan_imbalance" ? WORN.imbalanceMils * strength : 0);
  const roughness = 0.25 + (at.wear.wear === "bearing_wear" ? WORN.roughnessMils * strength : 0);
  const fan =
    1.1 + 0.012 * n1 + unbalance * Math.sin(angle + 0.3) + 0.12 * Math.sin(2 * angle) + 0.22 * random.normal();
  const compressor = 0.9 + 0.009 * n1 + 0.2 * Math.sin(1.8 * angle) + roughness * random.normal();
  const turbine = 0.7 + 0.007 * n1 + 0.18 * random.normal();
  signals.vibFan[row] = quantise(clamp(fan, 0, 10), VIB_STEPS_PER_MIL);
  signals.vibCompressor[row] = quantise(clamp(compressor, 0, 10), VIB_STEPS_PER_MIL);
  signals.vibTurbine[row] = quantise(clamp(turbine, 0, 10), VIB_STEPS_PER_MIL);
}

function recordEngine(signals: FlightSignals, at: Instant): void {
  const { row, n1, strength, random } = at;
  const excess = at.wear.wear === "hot_section" ? WORN.egtCelsius * strength : 0;
  signals.n1[row] = quantise(n1, SPEED_STEPS_PER_PERCENT);
  signals.n2[row] = quantise(clamp(55 + 0.47 * n1 + 0.15 * random.normal(), 0, 109), SPEED_STEPS_PER_PERCENT);
  signals.egt[row] = quantise(260 + 4.1 * n1 + 0.02 * n1 * n1 + excess + 2 * random.normal(), 2);
}

function recordOnce(signals: FlightSignals, at: { row: number; n1: number; phase: number; random: Random }): void {
  const { row, n1, phase, random } = at;
  signals.oilPressure[row] = quantise(48 + 0.12 * n1 + 0.5 * random.normal(), 4);
  signals.oilTemperature[row] = quantise(85 + 0.1 * n1 + 0.4 * random.normal(), 4);
  signals.phase[row] = phase;
}

/** For each phase the time since the start at which the next one begins; the last lasts for ever. */
export function phaseEndSeconds(flightSeconds: number): number[] {
  let share = 0;
  let begin = 0;
  return PHASE_PLAN.map((phase, code) => {
    if (code === PHASE_PLAN.length - 1) return Number.POSITIVE_INFINITY;
    share += phase.share;
    const wanted = Math.min(share * flightSeconds, begin + (phase.longestSeconds ?? flightSeconds));
    const hops = Math.floor((wanted - phase.endsAtSecond) / GRID_SECONDS + 0.5);
    begin = Math.max(begin, hops * GRID_SECONDS + phase.endsAtSecond);
    return begin;
  });
}

function emptyFlight(rows: number, rateHz: number): FlightSignals {
  const slow = () => new Float32Array(rows).fill(Number.NaN);
  return {
    rateHz,
    ticks: Int32Array.from({ length: rows }, (_, row) => row),
    vibFan: new Float32Array(rows),
    vibCompressor: new Float32Array(rows),
    vibTurbine: new Float32Array(rows),
    n1: slow(),
    n2: slow(),
    egt: slow(),
    oilPressure: slow(),
    oilTemperature: slow(),
    phase: slow(),
  };
}

function quantise(value: number, stepsPerUnit: number): number {
  return Math.floor(value * stepsPerUnit + 0.5) / stepsPerUnit;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
