import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { main } from "../../src/cli/main.ts";
import { type ResultRow, writeCsv } from "../compare/write-results.ts";
import { scratch } from "../support/run.ts";

const folder = scratch();

/** The command line in this process: what it wrote, and its exit code. */
async function flightbatch(...args: string[]) {
  const written = { out: "", err: "" };
  const code = await main(args, {
    out: { write: (text: string) => (written.out += text) },
    err: { write: (text: string) => (written.err += text) },
  });
  return { code, ...written };
}

const ROWS: ResultRow[] = Array.from({ length: 12 }, (_, i) => ({
  aircraft: i < 6 ? "AC001" : "AC002",
  flight: i < 6 ? "F1" : "F2",
  window: `w${i}`,
  second: 5 * (i % 6),
  score: i / 2,
  anomaly: i > 8,
  phase: i % 2 === 0 ? "climb" : "cruise",
  threshold: 4.5,
}));
const OTHERS = ROWS.map((row, i) => (i === 8 ? { ...row, score: 4.75, anomaly: true } : row));
const a = writeCsv(folder, "a.csv", ROWS);
const b = writeCsv(folder, "b.csv", OTHERS);

describe("flightbatch compare", () => {
  it("ends with 0 for equal results, and says so in a line", async () => {
    const { code, out, err } = await flightbatch("compare", a, a);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("\nEqual.\n");
    expect(out).not.toContain("Most telling");
  });

  it("ends with 1 for others, and says in what they differ", async () => {
    const { code, out } = await flightbatch("compare_results", a, b);
    expect(code).toBe(1);
    expect(out).toContain("Different windows: 1 with another decision, 1 with another severity, 1 with another score.");
    expect(out).toContain("Flips: 1 normal -> anomaly, 0 anomaly -> normal (8.3%)");
    expect(out).toMatch(/Why decisions flipped: not attributed, nothing beside .* says which bundle made it/);
    expect(out).toMatch(/AC002 +F2 +w8 +climb +4 of 4\.5 +4\.75 of 4\.5 +normal to anomaly\n/);
  });

  it("takes scores within the tolerance for equal, but not decisions", async () => {
    const near = writeCsv(
      folder,
      "near.csv",
      ROWS.map((row) => ({ ...row, score: row.score + 0.125 })),
    );
    expect((await flightbatch("compare", a, near)).code).toBe(1);
    expect((await flightbatch("compare", a, near, "--tolerance", "0.125")).code).toBe(0);
    expect((await flightbatch("compare", a, b, "--tolerance", "10", "--relative-tolerance", "1")).code).toBe(1);
  });

  it("gives all of it as JSON, and writes it to a file by its ending", async () => {
    const json = join(folder, "comparison.json");
    const { out, code } = await flightbatch("compare", a, b, "--json", "--output", json);
    expect(code).toBe(1);
    expect(readFileSync(json, "utf8")).toBe(out);
    expect(JSON.parse(out)).toMatchObject({ equal: false, by_aircraft: { AC002: { normal_to_anomaly: 1 } } });
    const text = join(folder, "comparison.txt");
    const printed = await flightbatch("compare", a, b, "--output", text);
    expect(readFileSync(text, "utf8")).toBe(printed.out);
    const page = join(folder, "comparison.html");
    expect((await flightbatch("compare", a, b, "--output", page)).out).toBe(printed.out);
    expect(readFileSync(page, "utf8")).toMatch(/^<!doctype html>[\s\S]*<h1>Two results compared<\/h1>/);
  });

  it("ends with 2 for what cannot be compared, and writes nothing", async () => {
    const output = join(folder, "none.json");
    const strangers = writeCsv(folder, "c.csv", [{ flight: "F9", window: "w0", score: 1 }]);
    const { code, err, out } = await flightbatch("compare", a, strangers, "--output", output);
    expect([code, out, existsSync(output)]).toEqual([2, "", false]);
    expect(err).toContain("no window that both have");
    for (const args of [[a], [a, b, a], [a, "nowhere.csv"], [a, b, "--output", "x.xlsx"], [a, b, "--tolerance", "-1"]])
      expect((await flightbatch("compare", ...args)).code, args.join(" ")).toBe(2);
    const missingFolder = await flightbatch("compare", a, b, "--output", join(folder, "none/x.json"));
    expect([missingFolder.code, missingFolder.err]).toEqual([2, expect.stringContaining("a file that can be written")]);
  });

  it("tells results behind --models from the models", async () => {
    const { code, err } = await flightbatch("compare", "--models", "no-model", "no-model", a, b);
    expect(code).toBe(2);
    expect(err).toContain("no-model");
    expect((await flightbatch("compare", a, b, "--models", "one")).err).toContain("expected two, the bundle of A");
  });

  it("lets no control character of an id reach the terminal", async () => {
    const evil = "\u001b]0;owned\u0007\u202eAC";
    const rows = ROWS.map((row) => ({ ...row, aircraft: evil, flight: evil, window: `${evil}${row.window}` }));
    const first = writeCsv(folder, "evil-a.csv", rows);
    const second = writeCsv(
      folder,
      "evil-b.csv",
      rows.slice(1).map((row) => ({ ...row, anomaly: true })),
    );
    const { out } = await flightbatch("compare", first, second);
    expect(out).toContain("?]0;owned??AC");
    expect(out).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u);
  });

  it("compares empty results, and shows zeros", async () => {
    const none = writeCsv(folder, "none.csv", []);
    const { code, out } = await flightbatch("compare", none, none);
    expect(code).toBe(0);
    expect(out).toContain("0 windows in 0 flights");
    expect(out).not.toMatch(/NaN|null|undefined|Infinity/);
  });
});
