import { describe, expect, it } from "vitest";
import { type FlightSignals, phaseEndSeconds, simulateFlight } from "../../src/fleet/flight.ts";
import { createRandom } from "../../src/fleet/random.ts";
import type { Wear } from "../../src/fleet/wear.ts";

const RATE_HZ = 100;

function fly(wear: Wear, severity = 1, seconds = 300): FlightSignals {
  return simulateFlight({ seconds, rateHz: RATE_HZ, wear: { wear, severity }, random: createRandom(11) });
}

/** Rows in which a slow signal has a sample. */
function sampledRows(values: Float32Array): number[] {
  return [...values.keys()].filter((row) => !Number.isNaN(values[row]!));
}

/** Mean of the samples of the second half of a flight, where a wear has come through. */
function lateMean(values: Float32Array, of = (x: number) => x): number {
  const late = values.subarray(values.length / 2).filter((value) => !Number.isNaN(value));
  return late.reduce((sum, value) => sum + of(value), 0) / late.length;
}

/** Amplitude of the fan's vibration at the shaft's own frequency, from N1 alone, over the last 20 s of the cruise. */
function imbalanceMils(signals: FlightSignals): number {
  const to = 200 * RATE_HZ;
  const from = to - 20 * RATE_HZ;
  let angle = 0;
  let cos = 0;
  let sin = 0;
  let n1 = Number.NaN;
  for (let row = 0; row < to; row++) {
    if (!Number.isNaN(signals.n1[row]!)) n1 = signals.n1[row]!;
    angle += ((2 * Math.PI * 2560) / 60) * (n1 / 100 / RATE_HZ);
    if (row < from) continue;
    cos += signals.vibFan[row]! * Math.cos(angle);
    sin += signals.vibFan[row]! * Math.sin(angle);
  }
  return (2 * Math.hypot(cos, sin)) / (to - from);
}

describe("simulateFlight", () => {
  it("goes through all eight phases in turn", () => {
    const signals = fly("healthy");
    const phases = sampledRows(signals.phase).map((row) => signals.phase[row]!);
    expect(phases).toHaveLength(300);
    expect([...new Set(phases)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(phases).toEqual([...phases].sort((a, b) => a - b));
  });

  it("has engine signals at 10 Hz and oil and phase at 1 Hz", () => {
    const signals = fly("healthy", 0, 30);
    for (const name of ["n1", "n2", "egt"] as const) {
      expect(sampledRows(signals[name])).toEqual(Array.from({ length: 300 }, (_, k) => k * 10));
    }
    for (const name of ["oilPressure", "oilTemperature", "phase"] as const) {
      expect(sampledRows(signals[name])).toEqual(Array.from({ length: 30 }, (_, k) => k * 100));
    }
  });

  it("keeps every signal inside the range of its sensor", () => {
    const ranges = {
      vibFan: [0, 10],
      vibCompressor: [0, 10],
      vibTurbine: [0, 10],
      n1: [0, 110],
      n2: [0, 110],
      egt: [0, 1200],
    };
    for (const wear of ["healthy", "fan_imbalance", "bearing_wear", "hot_section"] as const) {
      const signals = fly(wear);
      for (const [name, [low, high]] of Object.entries(ranges)) {
        const values = signals[name as keyof typeof ranges];
        expect(values.every((value) => Number.isNaN(value) || (value >= low! && value <= high!))).toBe(true);
      }
    }
  });

  it("turns the fan's imbalance with the shaft, and more of it as it grows", () => {
    expect(imbalanceMils(fly("healthy"))).toBeCloseTo(0.35, 1);
    expect(imbalanceMils(fly("fan_imbalance")) - imbalanceMils(fly("healthy"))).toBeCloseTo(0.15, 1);
  });

  it("shows a worn bearing at the compressor and a hot section in the gas temperature, nowhere else", () => {
    const [healthy, bearing, hot] = [fly("healthy"), fly("bearing_wear"), fly("hot_section")];
    const square = (x: number) => x * x;
    expect(lateMean(bearing.vibCompressor, square)).toBeGreaterThan(lateMean(healthy.vibCompressor, square) + 0.2);
    expect(lateMean(hot.egt)).toBeGreaterThan(lateMean(healthy.egt) + 50);
    expect(bearing.vibFan).toEqual(healthy.vibFan);
    expect(hot.vibCompressor).toEqual(healthy.vibCompressor);
  });
});

describe("phaseEndSeconds", () => {
  it("keeps the take-off and the grid of the flights that the example detector knows", () => {
    expect(phaseEndSeconds(300).slice(0, 7)).toEqual([15, 36, 54, 114, 210, 255, 279]);
    const long = phaseEndSeconds(1200);
    expect(long[2]! - long[1]!).toBe(18);
    expect(long.slice(0, 7).map((end) => end % 5)).toEqual([0, 1, 4, 4, 0, 0, 4]);
  });

  it("never goes back in time, however short the flight", () => {
    for (const seconds of [1, 7, 20, 60, 100]) {
      const ends = phaseEndSeconds(seconds);
      expect(ends).toEqual([...ends].sort((a, b) => a - b));
    }
  });
});
