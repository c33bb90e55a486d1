import { sqlText } from "../results/duckdb.ts";
import { resolvePhase } from "../verdict/phase.ts";
import { FLIGHT_PHASES, type Thresholds, thresholdOfPhase } from "../verdict/thresholds.ts";

/** Sets of phases that a window can have: bits 0 to 7. */
const SETS = 1 << FLIGHT_PHASES.length;

/** Stands for an unknown phase where phases are codes. */
export const UNKNOWN_CODE = FLIGHT_PHASES.length;

/** The name of a phase by its code, `unknown` for {@link UNKNOWN_CODE}. */
export function phaseOfCode(code: number): string {
  return FLIGHT_PHASES[code] ?? "unknown";
}

/** How a window is decided, as expressions over its `phase_set` and `score` (float32). */
export interface Decision {
  /** Code of the phase that decides. */
  phase: string;
  threshold: string;
  anomaly: string;
  /** 0 to 3. */
  severity: string;
}

/** What some thresholds decide. Every set of phases is resolved by the code that resolves it in a run. */
export function decisionBy(thresholds: Thresholds): Decision {
  const phases = Array.from({ length: SETS }, (_, set) => resolvePhase(set, thresholds));
  const threshold = lookUp(
    phases.map((phase) => double(thresholdOfPhase(thresholds, phase))),
    "DOUBLE",
  );
  const { moderate, severe } = thresholds.severity;
  const anomaly = `(score::DOUBLE >= ${threshold})`;
  return {
    phase: lookUp(
      phases.map((phase) => String(phase ?? UNKNOWN_CODE)),
      "UTINYINT",
    ),
    threshold,
    anomaly,
    severity: `(CASE WHEN NOT ${anomaly} THEN 0 WHEN score::DOUBLE >= ${double(severe)} THEN 3 WHEN score::DOUBLE >= ${double(moderate)} THEN 2 ELSE 1 END)::UTINYINT`,
  };
}

/** The anomalous windows of a decision over the table `scored`, as events are counted from them. */
export function anomaliesOf({ anomaly, phase }: Decision): string {
  return `SELECT flight, aircraft, ns, ns + span AS end_ns, ${phase} AS phase FROM scored WHERE ${anomaly}`;
}

/** What decided in the results. */
export const AS_IT_WAS: Decision = {
  phase: "old_phase",
  threshold: "old_threshold",
  anomaly: "old_anomaly",
  severity: "old_severity",
};

/** The set of the most common phases of a window as bits, by its columns `phase` and `tied_phases`. */
export const PHASE_SET = `(CASE WHEN coalesce(tied_phases, '') = '' THEN CASE phase ${FLIGHT_PHASES.map((name, code) => `WHEN '${name}' THEN ${1 << code}`).join(" ")} ELSE 0 END
  ELSE ${FLIGHT_PHASES.map((name, code) => `(CASE WHEN contains(tied_phases, '${name}') THEN ${1 << code} ELSE 0 END)`).join(" | ")} END)::UTINYINT`;

/** The code of a window's `phase`. */
export const PHASE_CODE = `(CASE phase ${FLIGHT_PHASES.map((name, code) => `WHEN '${name}' THEN ${code}`).join(" ")} ELSE ${UNKNOWN_CODE} END)::UTINYINT`;

/** A double as it is, and not as a decimal number that is near it. */
export function double(value: number): string {
  return `${sqlText(String(value))}::DOUBLE`;
}

function lookUp(values: readonly string[], type: string): string {
  return `([${values.join(", ")}]::${type}[])[phase_set::INTEGER + 1]`;
}
