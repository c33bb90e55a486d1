const NS_PER_SECOND = 1_000_000_000n;

/** Nanoseconds of a day. */
export const NS_PER_DAY = 86_400n * NS_PER_SECOND;

const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;
const INSTANT = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)? ?(Z|UTC|[+-]\d\d(?::?\d\d)?)?)?$/i;

/** Midnight UTC of a day `YYYY-MM-DD` in nanoseconds since 1970, or null if `text` is no such day. */
export function parseDay(text: string): bigint | null {
  const parts = DAY.exec(text);
  if (parts === null) return null;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const midnight = new Date(0);
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  midnight.setUTCFullYear(year, month - 1, day);
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return null;
  return BigInt(midnight.getTime()) * 1_000_000n;
}

/**
 * Nanoseconds since 1970 UTC of an ISO 8601 date or date-time: `T` or one blank between them, seconds optional, up to
 * 9 decimals, UTC where no zone stands; a bare date is its midnight. Null if `text` is no such instant.
 */
export function parseInstant(text: string): bigint | null {
  const parts = INSTANT.exec(text);
  if (parts === null) return null;
  const midnight = parseDay(parts[1]!);
  const [hours, minutes, seconds] = [Number(parts[2] ?? 0), Number(parts[3] ?? 0), Number(parts[4] ?? 0)];
  const zoneMinutes = parseZone(parts[6] ?? "Z");
  if (midnight === null || zoneMinutes === null || hours > 23 || minutes > 59 || seconds > 59) return null;
  const secondOfDay = BigInt((hours * 60 + minutes - zoneMinutes) * 60 + seconds);
  return midnight + secondOfDay * NS_PER_SECOND + BigInt((parts[5] ?? "").padEnd(9, "0"));
}

/** Minutes east of UTC, or null if there is no such zone. */
function parseZone(text: string): number | null {
  if (/^(Z|UTC)$/i.test(text)) return 0;
  const [hours, minutes] = [Number(text.slice(1, 3)), Number(text.slice(3).replace(":", "") || 0)];
  if (hours > 18 || minutes > 59) return null;
  return (text[0] === "-" ? -1 : 1) * (hours * 60 + minutes);
}
