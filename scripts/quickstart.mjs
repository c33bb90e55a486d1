// From a fresh checkout to the findings of a small fleet: install, build, make the fleet, score it, make its report, say what came out.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const program = "bin/flightbatch";
const model = "examples/engine_vibration_detector/1.0.0";
const fleet = "quickstart/fleet";
const results = "quickstart/results.parquet";
const runFolder = "quickstart/results.run";
const began = Date.now();

step("install", process.execPath, ["scripts/install.mjs"]);
step("build", "npm", ["run", "--silent", "build"]);
for (const path of [fleet, results, runFolder]) rmSync(join(root, path), { recursive: true, force: true });
step("make a fleet", process.execPath, [program, "make-fleet", "--output", fleet]);
step("score it", process.execPath, [program, "run", "--model", model, "--data", `${fleet}/raw`, "--output", results]);
step("make the report", process.execPath, [program, "report", results]);
report(readSummary());

function step(title, command, args) {
  process.stdout.write(`\n== ${title}: ${[command === process.execPath ? "node" : command, ...args].join(" ")}\n`);
  const shell = command === "npm" && process.platform === "win32"; // there npm is a batch file
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", shell });
  if (status === 0) return;
  const how = error ? error.message : signal ? `was ended by ${signal}` : `ended with exit code ${status}`;
  fail(`the step "${title}" ${how}. What it said is above; the steps after it were not run.`, status ?? 1);
}

function readSummary() {
  const path = join(runFolder, "summary.json");
  try {
    return JSON.parse(readFileSync(join(root, path), "utf8"));
  } catch (error) {
    return fail(`${path} cannot be read (${error.message}), though the run ended well.`, 1);
  }
}

function report(summary) {
  const rows = Object.entries(summary.by_aircraft).map(([id, aircraft]) => [
    id,
    String(aircraft.flights),
    String(aircraft.windows),
    percent(aircraft.anomaly_rate),
    aircraft.max_anomaly_score === null ? "-" : aircraft.max_anomaly_score.toFixed(1),
    aircraft.first_anomaly ?? "-",
  ]);
  const days = Object.entries(summary.by_date).map(([day, { anomaly_rate }]) => `  ${day}  ${percent(anomaly_rate)}`);
  const lines = [
    "",
    `== ${summary.total_flights} flights, ${summary.total_windows} windows, ${percent(summary.anomaly_rate)} anomalous`,
    ...table(["aircraft", "flights", "windows", "anomalous", "max score", "first anomaly"], rows),
    "",
    "Fleet, day by day:",
    ...days,
    "",
    "Where things are:",
    `  ${fleet}/raw                  the recordings`,
    `  ${results}       a row per window`,
    `  ${runFolder}/         summary.json and all else about the run`,
    `  ${runFolder}/report.html  the report: open it in a browser`,
    "",
    "Try next:",
    `  ${program} inspect ${model}`,
    `  ${program} run --model ${model} --data ${fleet}/raw --output quickstart/AC002.parquet --filter "aircraft_id==AC002"`,
    `  ${program} run --model examples/engine_vibration_detector/1.1.0 --data ${fleet}/raw --output quickstart/results-1.1.0.parquet`,
    "",
    `Done in ${((Date.now() - began) / 1000).toFixed(0)} s. The report: ${join(root, runFolder, "report.html")}`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function table(head, rows) {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  return [head, ...rows].map((row) => `  ${row.map((cell, column) => cell.padStart(widths[column])).join("  ")}`);
}

function percent(rate) {
  return rate === null ? "-" : `${(100 * rate).toFixed(1)} %`;
}

function fail(message, status) {
  process.stderr.write(`\nquickstart: ${message}\n`);
  process.exit(status);
}
