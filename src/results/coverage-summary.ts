import { compareCodePoints } from "../filter/text-order.ts";
import { FLIGHT_PHASES } from "../verdict/thresholds.ts";
import type { AbsentFile, FileReport, FlightReport, FlightTime } from "./reports.ts";
import { failedTime, hasUnknownLength, secondsOf, type TimeShares, TimeSum } from "./time-shares.ts";

/** The time of an aircraft, or of all; the rate has the scored time as its base, and is null where there is none. */
export interface RatedTime extends TimeShares {
  anomalies_per_100_scored_hours: number | null;
  /** Promised by sidecars and not there: no part of what was recorded. */
  absent_seconds: number;
  /** Files that failed, or whose rows have no times, and of which nothing else tells how long they are. */
  files_of_unknown_length: number;
}

/** What a summary says of the recorded time of a run. */
export interface CoverageSummary extends RatedTime {
  absent_rows: number;
  /** Files of which only the sidecar is there; what it promises is counted as absent. */
  absent_files: number;
  /** How files were held against their sidecars. */
  verified_files: { by_checksum: number; by_size: number; not_verified: number };
  by_phase: Record<string, TimeShares>;
  /** Also aircraft of which all files failed. */
  by_aircraft: Record<string, RatedTime>;
}

/** Sums up what became of all recorded time. */
export function summariseCoverage(
  files: readonly FileReport[],
  absentFiles: readonly AbsentFile[] = [],
): CoverageSummary {
  const total = new RatedSum();
  const byPhase = new Map<string, TimeSum>();
  const byAircraft = new Map<string, RatedSum>();
  for (const file of files) {
    const failed = failedTime(file);
    for (const flight of file.flights) {
      for (const sum of [total, valueAt(byAircraft, flight.aircraftId, () => new RatedSum())]) sum.addFlight(flight);
      addPhases(byPhase, flight.time);
    }
    addPhases(byPhase, failed);
    if (file.failure === null && file.time.absentNs === 0 && !hasUnknownLength(file)) continue;
    total.addFile(file, failed);
    const whole = file.time.aircraftId;
    if (whole !== null) valueAt(byAircraft, whole, () => new RatedSum()).addFile(file, failed);
  }
  for (const { aircraftId, promisedNs } of absentFiles) {
    total.addAbsent(promisedNs ?? 0);
    valueAt(byAircraft, aircraftId, () => new RatedSum()).addAbsent(promisedNs ?? 0);
  }
  return { ...total.rated, ...countFiles(files, absentFiles), ...groups(byPhase, byAircraft) };
}

function countFiles(
  files: readonly FileReport[],
  absentFiles: readonly AbsentFile[],
): Pick<CoverageSummary, "absent_rows" | "absent_files" | "verified_files"> {
  const own = files.filter(({ passedOver }) => !passedOver);
  const verified = (how: FileReport["time"]["verified"]) => own.filter(({ time }) => time.verified === how).length;
  return {
    absent_rows: absentFiles.reduce(
      (sum, { promisedRows }) => sum + (promisedRows ?? 0),
      own.reduce((sum, { time }) => sum + time.absentRows, 0),
    ),
    absent_files: absentFiles.length,
    verified_files: { by_checksum: verified("checksum"), by_size: verified("size"), not_verified: verified(null) },
  };
}

const PHASE_ORDER: readonly string[] = [...FLIGHT_PHASES, "unknown"];

function groups(
  byPhase: Map<string, TimeSum>,
  byAircraft: Map<string, RatedSum>,
): Pick<CoverageSummary, "by_phase" | "by_aircraft"> {
  const phases = [...byPhase].sort(([a], [b]) => PHASE_ORDER.indexOf(a) - PHASE_ORDER.indexOf(b));
  const aircraft = [...byAircraft].sort(([a], [b]) => compareCodePoints(a, b));
  return {
    by_phase: Object.fromEntries(phases.map(([name, sum]) => [name, sum.shares])),
    by_aircraft: Object.fromEntries(aircraft.map(([id, sum]) => [id, sum.rated])),
  };
}

function addPhases(byPhase: Map<string, TimeSum>, entries: readonly FlightTime[]): void {
  for (const entry of entries) valueAt(byPhase, entry.phase, () => new TimeSum()).add([entry]);
}

class RatedSum {
  readonly #time = new TimeSum();
  #anomalies = 0;
  #absentNs = 0n;
  #unknown = 0;

  addFlight({ time, anomalies }: FlightReport): void {
    this.#time.add(time);
    this.#anomalies += anomalies;
  }

  addFile(file: FileReport, failed: readonly FlightTime[]): void {
    this.#time.add(failed);
    this.addAbsent(file.time.absentNs);
    if (hasUnknownLength(file)) this.#unknown++;
  }

  addAbsent(ns: number): void {
    this.#absentNs += BigInt(ns);
  }

  get rated(): RatedTime {
    const shares = this.#time.shares;
    const scoredHours = shares.scored_seconds / 3600;
    return {
      ...shares,
      anomalies_per_100_scored_hours: scoredHours === 0 ? null : (100 * this.#anomalies) / scoredHours,
      absent_seconds: secondsOf(this.#absentNs),
      files_of_unknown_length: this.#unknown,
    };
  }
}

function valueAt<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
