import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { WindowFates } from "../../src/coverage/account-hops.ts";
import { accountRows } from "../../src/coverage/account-rows.ts";
import { recordedNs } from "../../src/coverage/account-time.ts";
import { Reasons } from "../../src/coverage/reasons.ts";
import type { TimeEntry } from "../../src/coverage/time-account.ts";
import type { RecordedRows } from "../../src/windows/recorded.ts";
import { propertyParameters } from "../properties/random.ts";

const SIGNALS = ["vib", "n1"];
const reasons = new Reasons(SIGNALS, ["rms"]);
const FATES = [
  ...[reasons.scored, reasons.filtered, reasons.scoreNotFinite, reasons.notComputable(0)],
  ...[reasons.lowCoverage(0), reasons.lowCoverage(1)],
];

/** A row of a table: its extent (none where the length is not positive), what became of it, its phase, and signals outside their range. */
interface Row {
  start: number;
  length: number;
  fate: number;
  phase: number;
  outside: number[];
}

const row: fc.Arbitrary<Row> = fc.record({
  start: fc.nat(60),
  length: fc.oneof(fc.constantFrom(10, 10, 0), fc.integer({ min: -3, max: 40 })),
  fate: fc.constantFrom(...FATES),
  phase: fc.nat(8),
  outside: fc.array(fc.nat(1), { maxLength: 2 }),
});

const table = fc.array(row, { maxLength: 14 }).map((rows) => rows.sort((a, b) => a.start - b.start));

function recordedOf(rows: Row[]): RecordedRows {
  return {
    kind: "rows",
    ends: Float64Array.from(rows, ({ start, length }) => (length > 0 ? start + length : Number.NaN)),
    outside: SIGNALS.map((_, s) => Uint8Array.from(rows, ({ outside }) => (outside.includes(s) ? 1 : 0))),
  };
}

function startsOf(rows: Row[]): Float64Array {
  return Float64Array.from(rows, ({ start }) => start);
}

function fastEntries(rows: Row[]): TimeEntry[] {
  const windows: WindowFates = {
    reasons,
    fates: Int16Array.from(rows, ({ fate }) => fate),
    phaseSets: Uint8Array.from(rows, ({ phase }) => (phase === 8 ? 0 : 1 << phase)),
    phaseOf: (set) => (set === 0 ? null : 31 - Math.clz32(set)),
  };
  return accountRows(startsOf(rows), recordedOf(rows), windows);
}

/** Nanosecond by nanosecond: the rows that cover it are struck out, those that came least far first. */
function slowEntries(rows: Row[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (let at = 0; at < 110; at++) {
    const covering = rows.filter(({ start, length }) => start <= at && at < start + length);
    if (covering.length === 0) continue;
    const phase = covering.at(-1)!.phase;
    const key = `${phase === 8 ? null : phase} ${slowReason(covering)}`;
    sums[key] = (sums[key] ?? 0) + 1;
  }
  return sums;
}

function slowReason(covering: Row[]): string {
  const of = (...fates: number[]) => covering.filter(({ fate }) => fates.includes(fate));
  if (of(reasons.scored).length > 0) return "scored";
  if (of(reasons.filtered).length > 0) return "filtered";
  if (of(reasons.scoreNotFinite).length > 0) return "score_not_finite";
  if (of(reasons.notComputable(0)).length > 0) return "not_computable:rms";
  const named = SIGNALS.map((name, s) => ({ name, rows: of(reasons.lowCoverage(s)), signal: s }));
  const outside = named.find(({ rows, signal }) => rows.some((one) => one.outside.includes(signal)));
  if (outside !== undefined) return `out_of_range:${outside.name}`;
  return `low_coverage:${named.find(({ rows }) => rows.length > 0)!.name}`;
}

describe("the ledger of window rows", () => {
  it("gives every nanosecond that a row covers the reason and phase that a slow search finds", () => {
    const property = fc.property(table, (rows) => {
      const fast = Object.fromEntries(fastEntries(rows).map(({ phase, reason, ns }) => [`${phase} ${reason}`, ns]));
      expect(fast).toEqual(slowEntries(rows));
      const sum = Object.values(fast).reduce((a, b) => a + b, 0);
      expect(recordedNs({ recorded: recordedOf(rows), starts: startsOf(rows) })).toBe(sum);
    });
    fc.assert(property, { ...propertyParameters(), numRuns: 1000 });
  });

  it("takes as long for rows that all overlap as for rows that do not", () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => ({
      ...{ start: i, length: 40_000 - i, fate: reasons.filtered, phase: 4, outside: [] },
    }));
    expect(fastEntries(rows)).toEqual([{ phase: 4, reason: "filtered", ns: 40_000 }]);
  });
});
