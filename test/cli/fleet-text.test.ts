import { describe, expect, it } from "vitest";
import { describeFleet } from "../../src/cli/fleet-text.ts";
import { showsBlocks } from "../../src/cli/sparkline.ts";
import type { FileReport, FlightReport } from "../../src/results/reports.ts";
import { summarise } from "../../src/results/summary.ts";
import { fileReport, flightReport, hoursOf } from "../support/reports.ts";

/** A flight of 100 windows and an hour, with so many anomalies on a day. */
function flight(aircraftId: string, day: string, anomalies: number, more: Partial<FlightReport> = {}): FlightReport {
  return flightReport(aircraftId, {
    ...{ flightId: `F-${day}`, windows: 100, scored: 100, anomalies, bySeverity: [100 - anomalies, anomalies, 0, 0] },
    ...{ days: { [day]: { windows: 100, anomalies } }, time: [hoursOf("scored", 1)] },
    ...more,
  });
}

function shown(files: FileReport[], blocks = true): string[] {
  return describeFleet(summarise(files, { prunedFiles: 0, repeatedWindows: 0 }), files, blocks);
}

const WEEK = [0, 1, 2, 5, 10, 40, 80].map((anomalies, i) => flight("AC002", `2025-10-0${i + 1}`, anomalies));

describe("the fleet at the end of a run", () => {
  it("shows the trend of all, and the worst aircraft with its own", () => {
    const severe = flight("AC001", "2025-10-03", 50, {
      bySeverity: [50, 49, 0, 1],
      time: [hoursOf("scored", 1), hoursOf("gap", 0.25)],
    });
    const files = [fileReport("a", [...WEEK, flight("AC003", "2025-10-01", 0)]), fileReport("b", [severe])];
    expect(shown(files)).toEqual([
      "Anomaly rate by day: ▁▂▄▂▂▅█ (2025-10-01 to 2025-10-07, highest 80.0%)",
      "Worst aircraft",
      "  aircraft  flights  scored hours  anomalies/100 h  worst   hours not examined  by day, to 80.0%",
      "  AC001           1           1.0            5,000  severe                 0.3    ▆",
      "  AC002           7           7.0            1,971  minor                    0  ▁▂▂▂▂▅█",
    ]);
    expect(shown(files, false).slice(0, 1)).toEqual([
      "Anomaly rate by day: _.-..=# (2025-10-01 to 2025-10-07, highest 80.0%)",
    ]);
  });

  it("says nothing where there is no anomaly, and of nothing", () => {
    expect(shown([fileReport("a", [flight("AC001", "2025-10-01", 0)])])).toEqual([]);
    expect(shown([])).toEqual([]);
  });

  it("draws no trend of one day", () => {
    const lines = shown([fileReport("a", [flight("AC001", "2025-10-01", 3)])]);
    expect(lines).toEqual([
      "Worst aircraft",
      "  aircraft  flights  scored hours  anomalies/100 h  worst  hours not examined",
      "  AC001           1           1.0              300  minor                   0",
    ]);
  });

  it("leaves days without a flight blank, and puts several on one character of a long time", () => {
    const gap = shown([fileReport("a", [flight("A", "2025-10-01", 10), flight("A", "2025-10-04", 0)])]);
    expect(gap[0]).toBe("Anomaly rate by day: █  ▁ (2025-10-01 to 2025-10-04, highest 10.0%)");
    const year = Array.from({ length: 365 }, (_, i) =>
      flight("A", new Date(Date.UTC(2025, 0, 1 + i)).toISOString().slice(0, 10), i === 364 ? 100 : 0),
    );
    const [trend] = shown([fileReport("a", year)]);
    expect(trend).toBe(`Anomaly rate by 10 days: ${"▁".repeat(36)}█ (2025-01-01 to 2025-12-31, highest 20.0%)`);
  });

  it("names five of 500 aircraft, in order, and says so", () => {
    const fleet = Array.from({ length: 500 }, (_, i) =>
      flight(`AC${String(i).padStart(3, "0")}`, `2025-10-0${1 + (i % 5)}`, i % 100),
    );
    const lines = shown(fleet.map((one) => fileReport(one.aircraftId, [one])));
    expect(lines[1]).toBe("Worst 5 of 495 aircraft with anomalies");
    expect(lines.slice(3).map((line) => line.trim().split(" ")[0])).toEqual("AC099 AC199 AC299 AC399 AC499".split(" "));
  });

  it("counts what is missing of an aircraft as not examined", () => {
    const failure = { code: "FILE_CORRUPT", found: "", expected: "", hint: "", stage: "read" } as const;
    const files = [
      fileReport("a", [flight("AC1", "2025-10-01", 1)]),
      { ...fileReport("b", [], { lengthNs: 7200e9, absentNs: 1800e9 }), failure },
      { ...fileReport("c", [], { lengthNs: null }), failure },
    ];
    expect(shown(files).at(-1)).toMatch(/ 100 {2}minor +2\.5 or more$/);
  });

  it("lines up ids that are wide or long, and lets none reach the terminal as more than text", () => {
    const ids = ["\u001b[31mRED\n", "日本航空", "x".repeat(90), "__proto__"];
    const lines = shown([
      fileReport(
        "a",
        ids.map((id) => flight(id, "2025-10-01", 5)),
      ),
    ]).slice(2);
    expect(lines.map((line) => line.slice(2, 30).trim().split(" ")[0])).toEqual([
      "?[31mRED?",
      "__proto__",
      `${"x".repeat(24)}...`,
      "日本航空",
    ]);
    const columns = lines.map((line) => line.indexOf(" 1 ") + (line.match(/[日本航空]/g)?.length ?? 0));
    expect(new Set(columns).size).toBe(1);
  });
});

describe("block characters", () => {
  const utf8 = { LANG: "en_US.UTF-8" };
  it.each([
    ["on a terminal of UTF-8", true, utf8, true],
    ["not when piped", undefined, utf8, false],
    ["not in another locale", true, { LANG: "en_US.ISO-8859-1" }, false],
    ["not where LC_ALL says otherwise", true, { ...utf8, LC_ALL: "C" }, false],
    ["where LC_CTYPE says so", true, { LANG: "C", LC_CTYPE: "C.utf8" }, true],
    ["not where nothing says the locale", true, {}, false],
    ["not on a dumb terminal", true, { ...utf8, TERM: "dumb" }, false],
  ])("%s", (_, isTTY, env, expected) => {
    const out = { write: () => true, ...(isTTY === undefined ? {} : { isTTY }) };
    expect(showsBlocks(out, env)).toBe(expected);
  });
});
