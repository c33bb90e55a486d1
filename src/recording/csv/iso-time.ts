const NS_PER_SECOND = 1e9;
const TWO_32 = 2 ** 32;

// The whole seconds (rounded down) and nanoseconds of the last and the first instant that an int64 of nanoseconds holds.
const LAST = { seconds: 9_223_372_036, nanos: 854_775_807 };
const FIRST = { seconds: -9_223_372_037, nanos: 145_224_192 };

const EXTENDED =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?(?: ?(Z|[+-]\d\d(?::?\d\d)?))?)?$/i;
const BASIC = /^(\d{4})(\d\d)(\d\d)[T ](\d\d)(?:(\d\d)(?:(\d\d)(?:[.,](\d+))?)?)?(Z|[+-]\d\d(?:\d\d)?)?$/i;

/**
 * Reads an ISO 8601 time (`2025-10-11T06:00:00.123456789+02:00`, or a shorter or compact form of it; UTC where no zone
 * stands) and writes it as int64 nanoseconds since 1970 UTC: its low half to `halves[at]`, its high half to the next.
 * Decimals past the ninth are dropped. An instant that int64 does not hold becomes the nearest that it does.
 * @returns whether `text` is such a time; if not, `halves` is untouched
 */
export function parseIsoTime(text: string, halves: Int32Array, at: number): boolean {
  const parts = EXTENDED.exec(text) ?? BASIC.exec(text);
  if (parts === null) return false;
  const [, year, month, day, hour = "0", minute = "0", second = "0", decimals = "", zone = "Z"] = parts;
  const days = daysSince1970(Number(year), Number(month), Number(day));
  const clock = secondsOfDay(Number(hour), Number(minute), Number(second));
  const offset = zoneSeconds(zone);
  if (days === null || clock === null || offset === null) return false;
  writeInstant(halves, at, {
    seconds: days * 86_400 + clock - offset,
    nanos: Number(decimals.padEnd(9, "0").slice(0, 9)),
  });
  return true;
}

function daysSince1970(year: number, month: number, day: number): number | null {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  // The 31st of a short month, or month 13, comes out as a day of another month.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return date.getTime() / 86_400_000;
}

function secondsOfDay(hour: number, minute: number, second: number): number | null {
  return hour < 24 && minute < 60 && second < 60 ? hour * 3600 + minute * 60 + second : null;
}

function zoneSeconds(zone: string): number | null {
  if (zone === "Z" || zone === "z") return 0;
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  const seconds = secondsOfDay(Number(digits.slice(0, 2)), Number(digits.slice(2)), 0);
  return seconds !== null && zone.startsWith("-") ? -seconds : seconds;
}

/** Writes `seconds * 1e9 + nanos` without a BigInt: every intermediate value is a whole number below 2^53. */
function writeInstant(halves: Int32Array, at: number, instant: { seconds: number; nanos: number }): void {
  const { seconds, nanos } = withinInt64(instant);
  const upperSeconds = Math.floor(seconds / 65_536);
  const upper = upperSeconds * NS_PER_SECOND;
  const lower = (seconds - upperSeconds * 65_536) * NS_PER_SECOND + nanos;
  const upperHigh = Math.floor(upper / 65_536);
  const rest = (upper - upperHigh * 65_536) * 65_536 + lower;
  halves[at] = rest % TWO_32;
  halves[at + 1] = upperHigh + Math.floor(rest / TWO_32);
}

function withinInt64(instant: { seconds: number; nanos: number }): { seconds: number; nanos: number } {
  const { seconds, nanos } = instant;
  if (seconds > LAST.seconds || (seconds === LAST.seconds && nanos > LAST.nanos)) return LAST;
  if (seconds < FIRST.seconds || (seconds === FIRST.seconds && nanos < FIRST.nanos)) return FIRST;
  return instant;
}
