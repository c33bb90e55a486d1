import { describe, expect, test } from "vitest";
import { Fault } from "../../src/faults/fault.ts";
import { filterWindow } from "../../src/filter/compile-filter.ts";
import { FILTER_COLUMNS, type FilterWindow, filterColumns } from "../../src/filter/filter.ts";
import { parseFilter } from "../../src/filter/parse-filter.ts";

const HOUR = 3_600_000_000_000n;
const midnight = (day: string) => BigInt(Date.parse(`${day}T00:00:00Z`)) * 1_000_000n;

function window(changes: Partial<FilterWindow> = {}): FilterWindow {
  return {
    aircraftId: "AC001",
    flightId: "AC001_20251005_060000",
    windowId: "AC001_1759644000",
    startNs: midnight("2025-10-05") + 6n * HOUR,
    phase: 4,
    ...changes,
  };
}

const matches = (text: string, changes: Partial<FilterWindow> = {}) => filterWindow(parseFilter(text), window(changes));

function messageOf(text: string): string {
  try {
    parseFilter(text);
  } catch (error) {
    expect(error).toBeInstanceOf(Fault);
    expect((error as Fault).code).toBe("FILTER_INVALID");
    return (error as Fault).message;
  }
  throw new Error(`${text} was read`);
}

describe("a filter that can be read", () => {
  test.each([
    ["aircraft_id==AC001", true],
    ["aircraft_id = AC001", true],
    ["aircraft_id==AC0010", false],
    ["aircraft_id==ac001", false],
    ["aircraft_id != AC001", false],
    [`aircraft_id in [AC002, "AC001"]`, true],
    ["aircraft_id in (AC002,AC001)", true],
    ["aircraft_id not in [AC001]", false],
    ["aircraft_id ! in [AC001]", false],
    ["aircraft_id NOT IN [AC002]", true],
    ["aircraft_id < AC002", true],
    ["aircraft_id >= AC002", false],
    ["aircraft_id <= AC001 AND aircraft_id > AC000", true],
    ["flight_id == AC001_20251005_060000", true],
    ["window_id == 'AC001_1759644000'", true],
    ["not aircraft_id == AC002", true],
    ["!aircraft_id==AC002 && !(flight_id == x || window_id == y)", true],
    ["!!aircraft_id==AC001", true],
    ["aircraft_id==AC002 or aircraft_id==AC001 and flight_phase==taxi", false],
    ["(aircraft_id==AC002 or aircraft_id==AC001) and flight_phase==cruise", true],
    ["flight_phase == CRUISE", true],
    ["flight_phase == 4", true],
    ["flight_phase in [taxi, 4]", true],
    ["flight_phase != unknown", true],
  ])("%s is %s", (text, expected) => {
    expect(matches(text)).toBe(expected);
  });

  test("takes bare ids with the signs that ids have", () => {
    for (const id of [
      "D-AIBL",
      "a:b",
      "x/y.z",
      "7",
      "-1",
      "2025-10-05",
      "№5",
      "ÄÖ_é",
      "飛行機",
      "a+b#c%d",
      "AC001.",
      "in-1",
    ]) {
      expect(matches(`aircraft_id==${id}`, { aircraftId: id })).toBe(true);
      expect(matches(`aircraft_id in [${id},other]`, { aircraftId: id })).toBe(true);
    }
  });

  test("takes any text in quotes, a quote written twice", () => {
    const ids = ["AC 001", "a,b]", "and", "it's", 'say "hi"', "", "a\nb", "*", "=="];
    for (const id of ids) {
      expect(matches(`aircraft_id == "${id.replaceAll('"', '""')}"`, { aircraftId: id })).toBe(true);
      expect(matches(`aircraft_id == '${id.replaceAll("'", "''")}'`, { aircraftId: id })).toBe(true);
    }
  });

  test("takes words like keywords as ids where a list makes that plain", () => {
    for (const id of ["in", "or", "AND", "not"]) {
      expect(matches("aircraft_id in [in, or, AND, not]", { aircraftId: id })).toBe(true);
    }
    expect(matches("aircraft_id in [in, or, AND, not]", { aircraftId: "and" })).toBe(false);
  });

  test("treats an unknown phase as a phase of its own", () => {
    expect(matches("flight_phase == unknown", { phase: null })).toBe(true);
    expect(matches("flight_phase != cruise", { phase: null })).toBe(true);
    expect(matches("flight_phase in [0,1,2,3,4,5,6,7]", { phase: null })).toBe(false);
  });

  test("orders ids by code points, not by UTF-16 units", () => {
    expect(matches("aircraft_id > \uffee", { aircraftId: "\u{1f6e9}" })).toBe(true);
    expect(matches("aircraft_id < \u{1f6e9}", { aircraftId: "\uffee" })).toBe(true);
  });

  test("says which columns it asks about, in the fixed order", () => {
    const columns = (text: string) => filterColumns(parseFilter(text));
    expect(columns("flight_phase==taxi or not (window_id<x and aircraft_id==a)")).toEqual([
      "aircraft_id",
      "window_id",
      "flight_phase",
    ]);
    expect(columns("date==2025-10-05 and timestamp<2025-10-06 and flight_id==f")).toEqual([
      "flight_id",
      "timestamp",
      "date",
    ]);
  });

  test("is read in short time when it is very long", () => {
    const many = Array.from({ length: 20_000 }, (_, i) => `AC${i}`);
    const list = parseFilter(`aircraft_id in [${many.join(", ")}]`);
    expect(filterWindow(list, window({ aircraftId: "AC19999" }))).toBe(true);
    const chain = parseFilter(many.map((id) => `aircraft_id==${id}`).join(" or "));
    expect(filterWindow(chain, window({ aircraftId: "AC19999" }))).toBe(true);
    expect(filterWindow(chain, window({ aircraftId: "BC" }))).toBe(false);
  });
});

describe("times and days", () => {
  const at = (text: string, startNs: bigint) => matches(text, { startNs });
  const day = midnight("2025-10-05");

  test("a bare date is its midnight", () => {
    expect(at("timestamp == 2025-10-05", day)).toBe(true);
    expect(at("timestamp == 2025-10-05", day + 1n)).toBe(false);
    expect(at("timestamp >= 2025-10-05", day)).toBe(true);
    expect(at("timestamp > 2025-10-05", day)).toBe(false);
    expect(at("timestamp > 2025-10-05", day + 1n)).toBe(true);
    expect(at("timestamp <= 2025-10-05", day)).toBe(true);
    expect(at("timestamp <= 2025-10-05", day + 1n)).toBe(false);
    expect(at("timestamp < 2025-10-05", day - 1n)).toBe(true);
  });

  test("date is the whole UTC day of the window's start", () => {
    const last = day + 24n * HOUR - 1n;
    for (const start of [day, last]) {
      expect(at("date == 2025-10-05", start)).toBe(true);
      expect(at("date <= 2025-10-05 and date >= 2025-10-05", start)).toBe(true);
      expect(at("date != 2025-10-05 or date < 2025-10-05 or date > 2025-10-05", start)).toBe(false);
    }
    expect(at("date == 2025-10-05", day - 1n)).toBe(false);
    expect(at("date > 2025-10-05", last + 1n)).toBe(true);
    expect(at("date in [2025-10-04, 2025-10-06]", day)).toBe(false);
    expect(at("date in [2025-10-06, 2025-10-05, 2025-10-05]", day)).toBe(true);
  });

  test.each([
    ["2025-10-05T06:00", 6n * HOUR],
    ["2025-10-05T06:00:00Z", 6n * HOUR],
    ["2025-10-05 06:00:00", 6n * HOUR],
    ["'2025-10-05 06:00:00'", 6n * HOUR],
    ["2025-10-05 06:00:00 UTC", 6n * HOUR],
    ["2025-10-05t08:00:00+02:00", 6n * HOUR],
    ["2025-10-05 08:00 +0200", 6n * HOUR],
    ["2025-10-04T22:30-07:30", 6n * HOUR],
    ["2025-10-05T00:00:00.000000001", 1n],
    ["2025-10-05 00:00:00.5", 500_000_000n],
  ])("%s is read to the nanosecond", (text, sinceMidnightNs) => {
    expect(at(`timestamp == ${text}`, day + sinceMidnightNs)).toBe(true);
    expect(at(`timestamp in [2001-01-01, ${text}]`, day + sinceMidnightNs)).toBe(true);
  });

  test("a time with a blank does not swallow what follows", () => {
    expect(at("timestamp >= 2025-10-05 and timestamp <= 2025-10-05 06:00 and aircraft_id==AC001", day)).toBe(true);
  });

  test("leap days, old years and far ones are exact", () => {
    expect(at("timestamp == 2024-02-29", midnight("2024-02-29"))).toBe(true);
    expect(at("timestamp == 0001-01-01", midnight("0001-01-01"))).toBe(true);
    expect(at("timestamp < 9999-12-31", day)).toBe(true);
  });

  test.each([
    "2025-02-29",
    "2025-13-01",
    "2025-10-00",
    "2025-10-05T24:00",
    "2025-10-05T10:61",
    "2025-10-05T10:00:60",
    "2025-10-05T10:00:00.1234567891",
    "2025-10-05T10:00+25:00",
    "2025-10",
    "05.10.2025",
    "1759622400",
    "today",
    "2025-10-05T",
    "2025-10-05Z",
  ])("%s is no time", (text) => {
    expect(messageOf(`timestamp >= ${text}`)).toContain("is not a time");
  });

  test("date wants a day, and says how to ask for more or less", () => {
    expect(messageOf("date == 2025-10")).toContain("date>=2025-10-01 and date<2025-11-01");
    expect(messageOf("date == 2025-10-05 10:00")).toContain("Compare timestamp with a time of day");
  });
});

describe("a filter that cannot be read", () => {
  test("is shown with carets under the place", () => {
    expect(messageOf("aircrft_id==AC001")).toBe(
      [
        `filter, character 1: "aircrft_id" is not a column; expected one of ${FILTER_COLUMNS.join(", ")}. Did you mean aircraft_id?`,
        "  aircrft_id==AC001",
        "  ^^^^^^^^^^",
      ].join("\n"),
    );
  });

  test.each([
    ["", "the filter ends here"],
    ["   ", "the filter ends here"],
    ["aircraft_id", "expected ==, !=, <, <=, >, >= or in after aircraft_id"],
    ["aircraft_id ==", "expected a value for aircraft_id"],
    ["aircraft_id == AC001 and", "Finish the expression"],
    ["aircraft_id == and flight_id == x", `found "and"; expected a value for aircraft_id. Put quotes around and`],
    ["aircraft_id == AC 001", "quotes around a value with blanks"],
    ["aircraft_id in [AC 001]", "quotes around a value with blanks"],
    ["aircraft_id in AC001", "a list in brackets"],
    ["aircraft_id in []", "the list is empty"],
    ["aircraft_id in [AC001", "this list is not closed"],
    ["aircraft_id in [AC001,]", `found "]"; expected a value`],
    ["aircraft_id in [AC001)", "a comma or ]"],
    ["aircraft_id == [AC001]", "Write in before a list"],
    ["(aircraft_id == AC001", "this parenthesis is not closed"],
    ["aircraft_id == AC001)", "this parenthesis was never opened"],
    ["aircraft_id == 'AC001", "the quote ' is not closed"],
    ["aircraft_id == “AC001”", "typographic quotes"],
    ["aircraft_id <> AC001", "Write !=."],
    ["aircraft_id === AC001", "Write ==."],
    ["aircraft_id is AC001", "Write ==."],
    ["aircraft_id constructor AC001", "Write for example aircraft_id==AC001."],
    ["aircraft_id =~ AC", `found "=~"`],
    ["aircraft_id == AC*", "wildcard"],
    ["aircraft_id == a & flight_id == b", "Write and (or &&)."],
    ["aircraft_id == a | flight_id == b", "Write or (or ||)."],
    ["AC001 == aircraft_id", "The column stands on the left"],
    [`"aircraft_id" == AC001`, "without quotes"],
    ["Aircraft_ID == AC001", "Did you mean aircraft_id?"],
    ["tail == AC001", `"tail" is not a column; expected one of aircraft_id, flight_id`],
    ["flight == x", "Did you mean flight_id?"],
    ["flight_phase > climb", "flight_phase cannot be compared with >"],
    ["flight_phase == cruize", "Did you mean cruise?"],
    ["flight_phase == 8", `"8" is not a flight phase`],
    ["flight_phase == ''", `"" is not a flight phase`],
    ["flight_phase ~ climb", "expected ==, != or in after flight_phase"],
    ["== AC001", `found "=="; expected a column`],
    ["aircraft_id == AC001 flight_id == x", "expected and, or, or the end"],
    ["2025-10-01 <= timestamp", "The column stands on the left"],
  ])("%s: %s", (text, part) => {
    expect(messageOf(text)).toContain(part);
  });

  const caretColumn = (message: string) => message.split("\n").at(-1)!.indexOf("^") - 2;

  test("points behind the end of an unfinished expression", () => {
    expect(caretColumn(messageOf("aircraft_id =="))).toBe(14);
  });

  test("points at the right place after letters outside the basic plane, wide letters and combining marks", () => {
    const cases: [string, number, number][] = [
      ["aircraft_id==ÄÖ or tail==1", 20, 19],
      ["aircraft_id==\u{1d49c} or tail==1", 19, 18],
      ["aircraft_id==飛行 or tail==1", 20, 21],
      ["aircraft_id==e\u0301 or tail==1", 20, 18],
      ["aircraft_id=='a\tb\nc' or tail==1", 25, 24],
    ];
    for (const [text, character, column] of cases) {
      const message = messageOf(text);
      expect(message).toContain(`character ${character}:`);
      expect(caretColumn(message)).toBe(column);
      expect(message.split("\n")).toHaveLength(3);
    }
  });

  test("is cut to the surroundings when it is long", () => {
    const message = messageOf(
      `aircraft_id in [${"AC001, ".repeat(5000)}AC002] und ${"flight_id == x and ".repeat(500)}`,
    );
    expect(message.length).toBeLessThan(500);
    const [shownText, carets] = message.split("\n").slice(-2);
    expect(shownText!.slice(carets!.indexOf("^"), carets!.lastIndexOf("^") + 1)).toBe("und");
  });

  test("is refused when it is nested too deep, whatever nests it", () => {
    const deep = 50_000;
    for (const text of ["(".repeat(deep), "!".repeat(deep), "not ".repeat(deep), "(not ".repeat(deep)]) {
      expect(messageOf(`${text}aircraft_id==a`)).toContain("nested more than 100 deep");
    }
    expect(matches(`${"(".repeat(90)}aircraft_id==AC001${")".repeat(90)}`)).toBe(true);
  });

  test("never fails in another way than with its fault", () => {
    const pieces = [
      "aircraft_id",
      "date",
      "flight_phase",
      "==",
      "in",
      "not",
      "!",
      "(",
      ")",
      "[",
      "]",
      ",",
      "and",
      "x",
      "'",
      '"',
      "2025-10-05",
      "&",
      ">",
    ];
    let seed = 1;
    const draw = () => (seed = (seed * 48271) % 2147483647);
    for (let i = 0; i < 5000; i++) {
      const text = Array.from({ length: 1 + (draw() % 9) }, () => pieces[draw() % pieces.length]).join(" ");
      try {
        parseFilter(text);
      } catch (error) {
        expect(error).toBeInstanceOf(Fault);
      }
    }
  });
});
