import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseIsoTime } from "../../src/recording/csv/iso-time.ts";

function nanosecondsOf(text: string): bigint | null {
  const halves = new Int32Array(2);
  return parseIsoTime(text, halves, 0) ? new BigInt64Array(halves.buffer)[0]! : null;
}

const NS = 1_000_000_000n;
const nsOf = (date: string) => BigInt(Date.parse(date)) * 1_000_000n;
const anyInstant = fc.bigInt({ min: nsOf("1700-01-01"), max: nsOf("2250-01-01") });

/** An instant in pieces: its wall clock at `offsetMinutes` from UTC, and its nine decimals. */
function pieces(ns: bigint, offsetMinutes: number) {
  const fraction = ((ns % NS) + NS) % NS;
  const wall = new Date(Number((ns - fraction) / 1_000_000n) + offsetMinutes * 60_000).toISOString();
  return { date: wall.slice(0, 10), time: wall.slice(11, 19), decimals: fraction.toString().padStart(9, "0") };
}

const two = (n: number) => String(n).padStart(2, "0");
const zone = (minutes: number, colon: string) => {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}${colon}${two(size % 60)}`;
};

describe("every instant of an int64 of nanoseconds", () => {
  test.each(["", "Z", "z", "+00", "-00:00", " +0000"])("comes back from its time in UTC with %j behind", (suffix) => {
    fc.assert(
      fc.property(anyInstant, fc.constantFrom("T", "t", " "), (ns, between) => {
        const { date, time, decimals } = pieces(ns, 0);
        expect(nanosecondsOf(`${date}${between}${time}.${decimals}${suffix}`)).toBe(ns);
      }),
    );
  });

  test.each([":", ""])("comes back from its time in any zone written with %j", (colon) => {
    fc.assert(
      fc.property(anyInstant, fc.integer({ min: -1439, max: 1439 }), (ns, minutes) => {
        const { date, time, decimals } = pieces(ns, minutes);
        expect(nanosecondsOf(`${date}T${time},${decimals}${zone(minutes, colon)}`)).toBe(ns);
      }),
    );
  });

  test("comes back from its compact form, and from as few decimals as it needs", () => {
    fc.assert(
      fc.property(anyInstant, fc.integer({ min: -23, max: 23 }), fc.integer({ min: 0, max: 9 }), (ns, hours, kept) => {
        const rounded = ns - (((ns % NS) + NS) % 10n ** BigInt(9 - kept));
        const { date, time, decimals } = pieces(rounded, hours * 60);
        const fraction = kept === 0 ? "" : `.${decimals.slice(0, kept)}`;
        const compact = `${date}T${time}`.replaceAll(/[-:]/g, "");
        expect(nanosecondsOf(`${compact}${fraction}${zone(hours * 60, "")}`)).toBe(rounded);
        expect(nanosecondsOf(`${date} ${time}${fraction}${zone(hours * 60, ":").slice(0, 3)}`)).toBe(rounded);
      }),
    );
  });
});

test.each([
  ["2025-10-11", "2025-10-11T00:00:00Z"],
  ["2025-10-11T06", "2025-10-11T06:00:00Z"],
  ["2025-10-11 06:30", "2025-10-11T06:30:00Z"],
  ["2025-10-11T06:30+02", "2025-10-11T04:30:00Z"],
  ["2024-02-29T23:59:59", "2024-02-29T23:59:59Z"],
  ["0099-03-01", "0099-03-01T00:00:00Z"],
])("%s is %s", (text, expected) => {
  const clamped = nsOf(expected) < -(2n ** 63n) ? -(2n ** 63n) : nsOf(expected);
  expect(nanosecondsOf(text)).toBe(clamped);
});

test("decimals past the ninth are dropped", () => {
  expect(nanosecondsOf("1970-01-01T00:00:00.1234567899")).toBe(123456789n);
  expect(nanosecondsOf("1969-12-31T23:59:59.9999999999")).toBe(-1n);
});

test("an instant beyond int64 is the nearest that int64 holds", () => {
  expect(nanosecondsOf("2262-04-11T23:47:16.854775807Z")).toBe(2n ** 63n - 1n);
  expect(nanosecondsOf("2262-04-11T23:47:16.854775808Z")).toBe(2n ** 63n - 1n);
  expect(nanosecondsOf("9999-12-31T23:59:59Z")).toBe(2n ** 63n - 1n);
  expect(nanosecondsOf("1677-09-21T00:12:43.145224192Z")).toBe(-(2n ** 63n));
  expect(nanosecondsOf("1677-09-21T00:12:43.145224191Z")).toBe(-(2n ** 63n));
  expect(nanosecondsOf("0001-01-01")).toBe(-(2n ** 63n));
});

test.each([
  "",
  "noon",
  "2025",
  "2025-10",
  "2025-13-01",
  "2025-00-10",
  "2025-02-29",
  "2025-04-31",
  "2025-10-11T24:00:00",
  "2025-10-11T06:60:00",
  "2025-10-11T06:00:60",
  "2025-10-11T06:00:00.",
  "2025-10-11T06:00:00+24:00",
  "2025-10-11T06:00:00 UTC",
  "2025-10-11  06:00:00",
  "2025-1-1",
  "2025-1011",
  "20251011",
  "11/10/2025",
  "1760162400",
])("%j is no time", (text) => {
  expect(nanosecondsOf(text)).toBeNull();
});
