import type { TextFact } from "../filter/restrict-filter.ts";
import type { TimeRange } from "../recording/footer-facts.ts";
import type { IdentityOrigin } from "../recording/identity.ts";

/** Where a file's id comes from, in the words of a pruning rule. */
export const ORIGIN_RULES: Record<IdentityOrigin, string> = {
  sidecar: "of the file's .meta.json",
  folder: "of the file's folder",
  name: "of the file's name",
  none: "of a file without one",
};

/** What a column of ids may hold, such as `is AC002` or `lies from AC002 to AC004`. */
export function describeText({ values, range }: TextFact): string {
  const own =
    range === null ? [] : [range.min === range.max ? `is ${range.min}` : `lies from ${range.min} to ${range.max}`];
  return [...own, ...values.map((value) => `is ${value}`)].join(" or ");
}

/** The range of times as ISO 8601. */
export function describeTimes({ earliestNs, latestNs }: TimeRange): string {
  return `lie from ${isoSecond(earliestNs)} to ${isoSecond(latestNs)}`;
}

/** To the second below; a damaged time beyond the calendar as its nanoseconds. */
function isoSecond(instantNs: bigint): string {
  const instant = new Date(Number(instantNs / 1_000_000_000n) * 1000);
  if (Number.isNaN(instant.getTime())) return `${instantNs} ns`;
  return instant.toISOString().replace(".000Z", "Z");
}
