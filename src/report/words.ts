import { formatNumber } from "../page/number-format.ts";

/** A number of things: `1 file`, `2,000 files`. */
export function many(count: number, thing: string): string {
  return `${formatNumber(count)} ${thing}${count === 1 ? "" : "s"}`;
}

/** A length of time: `45 s`, `12 min`, `6.7 h`. */
export function timeText(seconds: number): string {
  if (seconds < 120) return formatNumber(seconds, { style: "number", digits: 1, unit: "s" });
  if (seconds < 7200) return formatNumber(seconds / 60, { style: "number", digits: 1, unit: "min" });
  return formatNumber(seconds / 3600, { style: "number", digits: 1, unit: "h" });
}

/** A reason as the data has it, for people: `low_coverage:vib_fan` becomes `low coverage: vib_fan`. */
export function reasonText(reason: string): string {
  const [kind, ...of] = reason.split(":");
  const words = kind!.replaceAll("_", " ");
  return of.length === 0 ? words : `${words}: ${of.join(":")}`;
}

/** Milliseconds since 1970 of nanoseconds. */
export function epochMs(ns: bigint): number {
  return Number(ns / 1000n) / 1000;
}
