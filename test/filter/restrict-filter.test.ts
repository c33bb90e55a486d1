import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileFilter, filterWindow } from "../../src/filter/compile-filter.ts";
import type { FilterWindow } from "../../src/filter/filter.ts";
import { parseFilter } from "../../src/filter/parse-filter.ts";
import { exactly, type FilterFacts, filterMight, type TextFact } from "../../src/filter/restrict-filter.ts";
import { compareCodePoints } from "../../src/filter/text-order.ts";

const DAY_NS = 86_400_000_000_000n;
const OCTOBER_5 = BigInt(Date.parse("2025-10-05T00:00:00Z")) * 1_000_000n;

// Few values, so that filters, windows and facts meet often; the last two are in another order by UTF-16 units.
const ids = fc.constantFrom("A", "AC001", "AC002", "AC003", "B", "\uffee", "\u{1f6e9}");
const startNs = fc.bigInt({ min: OCTOBER_5 - 2n * DAY_NS, max: OCTOBER_5 + 2n * DAY_NS });
const starts = fc.oneof(startNs, fc.constantFrom(OCTOBER_5 - 1n, OCTOBER_5, OCTOBER_5 + 1n, OCTOBER_5 + DAY_NS));
const windows: fc.Arbitrary<FilterWindow> = fc.record({
  aircraftId: ids,
  flightId: ids,
  windowId: ids,
  startNs: starts,
  phase: fc.option(fc.integer({ min: 0, max: 7 })),
});

const list = (values: fc.Arbitrary<string>) =>
  fc.array(values, { minLength: 1, maxLength: 4 }).map((items) => `[${items.join(", ")}]`);
const compared = (columns: string[], values: fc.Arbitrary<string>, operators: string[]) =>
  fc.oneof(
    fc.tuple(fc.constantFrom(...columns), fc.constantFrom(...operators), values).map((parts) => parts.join(" ")),
    fc
      .tuple(fc.constantFrom(...columns), fc.constantFrom("in", "not in"), list(values))
      .map((parts) => parts.join(" ")),
  );
const ALL = ["==", "!=", "<", "<=", ">", ">="];
const days = fc.integer({ min: 3, max: 7 }).map((day) => `2025-10-0${day}`);
const times = fc.oneof(
  days,
  fc.tuple(days, fc.constantFrom(" 12:00", "T00:00:00.000000001")).map((parts) => parts.join("")),
);
const leaves = fc.oneof(
  compared(["aircraft_id", "flight_id", "window_id"], ids, ALL),
  compared(["timestamp"], times, ALL),
  compared(["date"], days, ALL),
  compared(["flight_phase"], fc.constantFrom("cruise", "taxi", "unknown", "7"), ["==", "!="]),
);
const filters = fc
  .letrec<{ filter: string }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 4 },
      leaves,
      fc.tuple(tie("filter"), fc.constantFrom("and", "or"), tie("filter")).map(([a, op, b]) => `(${a} ${op} ${b})`),
      tie("filter").map((inner) => `not (${inner})`),
    ),
  }))
  .filter.map(parseFilter);

/** Facts that hold for every window of the list, each left out at times. */
function factsOf(list: FilterWindow[], choose: number): FilterFacts {
  const text = (values: string[], bits: number): TextFact | undefined => {
    const sorted = values.toSorted(compareCodePoints);
    const range = { min: sorted[0]!, max: sorted.at(-1)! };
    return [undefined, { values, range: null }, { values: [], range }, { values: values.slice(0, 1), range }][bits & 3];
  };
  const aircraftId = text(
    list.map((one) => one.aircraftId),
    choose,
  );
  const flightId = text(
    list.map((one) => one.flightId),
    choose >> 2,
  );
  const ordered = list.map((one) => one.startNs).toSorted((a, b) => (a < b ? -1 : 1));
  return {
    ...(aircraftId && { aircraftId }),
    ...(flightId && { flightId }),
    ...((choose >> 4) & 1 && { startNs: { earliestNs: ordered[0]!, latestNs: ordered.at(-1)! } }),
  };
}

const situations = fc.tuple(filters, fc.array(windows, { minLength: 1, maxLength: 4 }), fc.nat(31));

describe("what a filter can tell from facts", () => {
  test("is never wrong about any window that the facts describe", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(situations, ([filter, list, choose]) => {
        const verdict = filterMight(filter, factsOf(list, choose));
        seen.add(verdict);
        const matching = list.filter((one) => filterWindow(filter, one)).length;
        if (verdict === "none") expect(matching).toBe(0);
        if (verdict === "all") expect(matching).toBe(list.length);
      }),
      { numRuns: 3000 },
    );
    expect([...seen].toSorted()).toEqual(["all", "none", "some"]);
  });

  test("leaves a rest that answers as the whole filter does", () => {
    fc.assert(
      fc.property(situations, ([filter, list, choose]) => {
        const rest = compileFilter(filter, factsOf(list, choose));
        for (const one of list) {
          expect(typeof rest === "boolean" ? rest : rest(one)).toBe(filterWindow(filter, one));
        }
      }),
      { numRuns: 2000 },
    );
  });

  const might = (text: string, facts: FilterFacts) => filterMight(parseFilter(text), facts);
  const range = (min: string, max: string): TextFact => ({ values: [], range: { min, max } });

  test("is decided by one known value", () => {
    expect(might("aircraft_id==AC001", { aircraftId: exactly("AC001") })).toBe("all");
    expect(might("aircraft_id==AC001", { aircraftId: exactly("AC002") })).toBe("none");
    expect(might("aircraft_id==AC001 and flight_phase==cruise", { aircraftId: exactly("AC002") })).toBe("none");
    expect(might("aircraft_id==AC001 or flight_phase==cruise", { aircraftId: exactly("AC002") })).toBe("some");
    expect(might("not (aircraft_id==AC001)", { aircraftId: exactly("AC001") })).toBe("none");
  });

  test("is undecided without facts, and on a column of which nothing is known to occur", () => {
    expect(might("aircraft_id==AC001", {})).toBe("some");
    expect(might("aircraft_id==AC001", { aircraftId: { values: [], range: null } })).toBe("some");
  });

  test("is decided by a range outside of what is asked", () => {
    expect(might("aircraft_id==AC005", { aircraftId: range("AC001", "AC004") })).toBe("none");
    expect(might("aircraft_id==AC003", { aircraftId: range("AC001", "AC004") })).toBe("some");
    expect(might("aircraft_id<AC005", { aircraftId: range("AC001", "AC004") })).toBe("all");
    expect(might("aircraft_id==AC001", { aircraftId: range("AC001", "AC001") })).toBe("all");
    expect(might("aircraft_id==\u{1f6e9}", { aircraftId: range("A", "\uffee") })).toBe("none");
  });

  test("is decided by times before, within and after a day", () => {
    const startNs = { earliestNs: OCTOBER_5, latestNs: OCTOBER_5 + DAY_NS - 1n };
    expect(might("date==2025-10-05", { startNs })).toBe("all");
    expect(might("date in [2025-10-04, 2025-10-06]", { startNs })).toBe("none");
    expect(might("timestamp>=2025-10-06", { startNs })).toBe("none");
    expect(might("timestamp>2025-10-05", { startNs })).toBe("some");
  });

  test("asks a window only for what is still open", () => {
    const rest = compileFilter(parseFilter("aircraft_id==AC001 and flight_phase==cruise"), {
      aircraftId: exactly("AC001"),
    });
    const onlyPhase = new Proxy({ phase: 4 } as FilterWindow, {
      get: (target, key) => (key === "phase" ? target.phase : expect.fail(`asked for ${String(key)}`)),
    });
    expect(typeof rest === "boolean" ? rest : rest(onlyPhase)).toBe(true);
  });
});
