import { describe, expect, it } from "vitest";
import { findModelUnits, type TrainedOn } from "../../src/quality/model-units.ts";
import { conversionsTo } from "../../src/quality/unit-table.ts";
import { COVERED, type WindowTable } from "../../src/windows/series.ts";
import { feature, recipe, signal } from "../support/record.ts";
import { find, noise, only, shaft, type TestSignal, vibration } from "./flights.ts";

const temperature = (
  of: (celsius: number) => number,
  unit = "degC",
  range: [number, number] = [-50, 200],
): TestSignal => ({
  spec: { unit, range, fill: "linear" },
  at: (s, i) => of(90 + s / 100 + noise(i)),
});

function units(signals: Record<string, TestSignal>): string | undefined {
  return find(signals).find(({ check }) => check === "units")?.example;
}

describe("values outside of the range that another unit explains", () => {
  it("name the likely unit, and what the median would be", () => {
    const oil = temperature((c) => c + 273.15);
    const finding = find({ n1: shaft(), oil }).find(({ check }) => check === "units");
    expect(finding).toMatchObject({ signal: "oil", count: 2400, seconds: null });
    expect(finding!.worst).toBeGreaterThan(363);
    expect(finding!.example).toMatch(
      /^the median 36\d\.\d+ does not fit degC; likely in degrees Fahrenheit \(.*\) or kelvin \(it would be 91\.\d+\)$/,
    );
  });

  it.each<[string, TestSignal, RegExp]>([
    ["Fahrenheit", temperature((c) => 1.8 * c + 32, "degC", [-50, 180]), /degrees Fahrenheit/],
    ["micrometres", { ...vibration(), at: (s, i) => 25.4 * vibration().at(s, i) }, /micrometres/],
    [
      "bar of pascals",
      { spec: { unit: "bar", range: [0, 10] }, at: (_, i) => 350_000 + 1000 * noise(i) },
      /pascals \(it would be 3\.5/,
    ],
  ])("%s", (_, odd, unit) => {
    expect(units({ n1: shaft(), odd })).toMatch(unit);
  });

  it("know the rated speed of a shaft", () => {
    const n1 = { ...shaft(), at: (s: number, i: number) => 25.6 * shaft().at(s, i) };
    expect(units({ vib: vibration(), n1 })).toMatch(/revolutions per minute \(it would be 84\)/);
  });

  it("are no matter of units where no unit explains them, or few are outside", () => {
    expect(units({ n1: shaft(), odd: temperature(() => -999) })).toBeUndefined();
    expect(units({ n1: shaft(), odd: temperature((c) => (c > 92 ? c + 273.15 : c)) })).toBeUndefined();
    expect(
      units({ n1: shaft(), odd: { ...temperature((c) => c + 273.15), spec: { range: [-50, 200] } } }),
    ).toBeUndefined();
  });
});

describe("a fraction where percent are declared", () => {
  it("never exceeds 1.5", () => {
    const n1 = { ...shaft(), at: (s: number, i: number) => shaft().at(s, i) / 100 };
    expect(units({ vib: vibration(), n1 })).toMatch(
      /^the median 0\.8\d+ does not fit percent; likely in fractions of 1 \(it would be 8/,
    );
  });

  it.each<[string, TestSignal]>([
    ["a shaft that stands still", shaft(0)],
    ["a shaft that the wind turns a little", { ...shaft(), at: (_, i) => 0.1 + 0.1 * noise(i) }],
    ["a short run", { ...shaft(), at: (s, i) => (s > 200 ? shaft(20).at(s, i) : 0.3) }],
    [
      "a share that is never large",
      { ...shaft(), spec: { unit: "percent", range: [0, 5] }, at: (_, i) => 0.5 + noise(i) / 2 },
    ],
  ])("is not %s", (_, n1) => {
    expect(units({ vib: vibration(), n1 })).toBeUndefined();
  });
});

describe("levels that the model was not trained on", () => {
  const TRAINED: TrainedOn = { kind: "StandardScaler", scale: [0.3, 0.1], typical: [2, 0.2] };
  const RECIPE = recipe({
    signals: [signal("vib", { unit: "mils" })],
    features: [feature("rms", { op: "rms" }), feature("deviation", { op: "std" })],
  });

  function tableOf(rms: number[], deviation = rms): WindowTable {
    return {
      ...{ aircraftId: "A", flightId: "F", originNs: 0n, firstRow: 0, windowIds: null, count: rms.length },
      starts: Float64Array.from(rms, (_, k) => k * 5e9),
      phaseSets: new Uint8Array(rms.length),
      coverage: new Int16Array(rms.length).fill(COVERED),
      features: [Float64Array.from(rms), Float64Array.from(deviation)],
      recorded: { kind: "rows", ends: new Float64Array(rms.length), outside: [] },
    };
  }
  const levels = (level: number, count = 40) => Array.from({ length: count }, (_, k) => level * (1 + 0.02 * noise(k)));

  it("are in the unit that brings them amid those", () => {
    const [finding] = findModelUnits([tableOf(levels(0.05))], RECIPE, TRAINED);
    expect(finding).toMatchObject({ check: "units", signal: "vib", aircraftId: "A", flightId: "F", count: 40 });
    expect(finding!.example).toMatch(
      /^the median 0\.05\d* does not fit mils; likely in millimetres \(it would be 1\.9\d+\)$/,
    );
  });

  it.each([
    ["near enough", levels(3.7)],
    ["far off, but in no other unit", levels(12)],
    ["of few windows", levels(0.05, 9)],
    ["missing", levels(Number.NaN)],
  ])("are nothing where they are %s", (_, rms) => {
    expect(findModelUnits([tableOf(rms)], RECIPE, TRAINED)).toEqual([]);
  });

  it("are not asked of a feature that is no level", () => {
    expect(findModelUnits([tableOf(levels(2), levels(0.005))], RECIPE, TRAINED)).toEqual([]);
  });

  it("are held against the very range of a MinMaxScaler", () => {
    const trained = { kind: "MinMaxScaler", scale: [1.6, 1], typical: [2.2, 0.5] };
    expect(findModelUnits([tableOf(levels(0.05))], RECIPE, trained)).toHaveLength(1);
    expect(findModelUnits([tableOf(levels(0.7))], RECIPE, trained)).toEqual([]);
  });
});

describe("conversions", () => {
  const convert = (declared: string, from: string, value: number) =>
    conversionsTo(declared)
      .find((one) => one.from === from)!
      .toDeclared(value);

  it.each([
    ["degC", "kelvin", 373.15, 100],
    ["degC", "degrees Fahrenheit", 212, 100],
    ["K", "degrees Celsius", 100, 373.15],
    ["degF", "kelvin", 373.15, 212],
    ["mils", "micrometres", 25.4, 1],
    ["mils", "inches", 0.002, 2],
    ["PSI", "bar", 1, 14.5038],
    ["kPa", "psi", 1, 6.89476],
    ["percent", "fractions of 1", 0.5, 50],
    ["knots", "km/h", 185.2, 100],
    ["ft", "metres", 304.8, 1000],
  ])("%s from %s", (declared, from, value, expected) => {
    expect(convert(declared, from, value)).toBeCloseTo(expected, 3);
  });

  it("are none for a unit that is not known or not said", () => {
    expect([conversionsTo("furlongs"), conversionsTo(undefined)]).toEqual([[], []]);
  });
});

it("finds one thing in a flight of which one thing is odd", () => {
  expect(
    only(
      find({ vib: { ...vibration(), at: (s, i) => 25.4 * vibration().at(s, i) } }).filter(
        ({ check }) => check !== "out_of_range",
      ),
      "units",
    ).signal,
  ).toBe("vib");
});
