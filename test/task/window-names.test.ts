import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayOfSeconds, WindowClock } from "../../src/task/window-names.ts";

/** The same by whole numbers alone. */
function nameOf(aircraft: string, ns: bigint): string {
  const seconds = ns / 1_000_000_000n - (ns % 1_000_000_000n < 0n ? 1n : 0n);
  const rest = (ns - seconds * 1_000_000_000n).toString().padStart(9, "0").replace(/0+$/, "");
  return `${aircraft}_${seconds}${rest === "" ? "" : `.${rest}`}`;
}

describe("a window's id is its aircraft and its start in seconds since 1970", () => {
  it.each<[string, bigint, number, string]>([
    ["a whole second", 1_760_162_400_000_000_000n, 0, "A_1760162400"],
    ["a later window", 1_760_162_400_000_000_000n, 5e9, "A_1760162405"],
    ["a fraction, its zeros dropped", 1_760_162_400_250_000_000n, 5e9, "A_1760162405.25"],
    ["a single nanosecond", 1_760_162_400_000_000_001n, 0, "A_1760162400.000000001"],
    ["a nanosecond before a second", 1_760_162_400_999_999_999n, 0, "A_1760162400.999999999"],
    ["a fraction that the hop makes whole", 1_760_162_400_500_000_000n, 0.5e9, "A_1760162401"],
    ["1970", 0n, 0, "A_0"],
    ["half a second before 1970", -500_000_000n, 0, "A_-1.5"],
    ["a second before 1970", -1_000_000_000n, 0, "A_-1"],
    ["from before 1970 to after", -500_000_000n, 1e9, "A_0.5"],
    ["a start before its origin", 1_000_000_000n, -1, "A_0.999999999"],
  ])("%s", (_, origin, start, id) => {
    expect(new WindowClock(origin).windowId("A", start)).toBe(id);
  });

  it("whatever the instant", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }),
        fc.integer({ min: -6e14, max: 6e14 }),
        (origin, start) => {
          const clock = new WindowClock(origin);
          const ns = origin + BigInt(start);
          expect(clock.windowId("AC 1", start)).toBe(nameOf("AC 1", ns));
          expect(clock.instantNs(start)).toBe(ns);
          expect(BigInt(clock.seconds(start))).toBe(BigInt(nameOf("A", ns).slice(2).split(".")[0]!));
        },
      ),
    );
  });
});

it.each([
  [0, "1970-01-01"],
  [-1, "1969-12-31"],
  [86_399, "1970-01-01"],
  [86_400, "1970-01-02"],
  [1_760_162_400, "2025-10-11"],
])("second %d is of the UTC day %s", (seconds, day) => {
  expect(dayOfSeconds(seconds)).toBe(day);
});
