import { formatNumber } from "../page/number-format.ts";

/** A number of things: `1 file`, `2,000 files`. */
export function many(count: number, thing: string): string {
  return `${formatNumber(count)} ${thing}${count === 1 ? "" : "s"}`;
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
