import { usage } from "../aggregate/options.ts";
import type { EventRules } from "../events/event.ts";

/** What events to find, and by which rules. */
export interface EventOptions {
  /** Results of runs in any form: files, folders or globs. */
  results: readonly string[];
  /** A bundle (or its `thresholds.yaml`) whose rules are used instead of those of the runs' own bundles. */
  model?: string;
  /** In place of the bundle's: so many anomalies within so many seconds; `null` for no such rule. */
  persistence?: { anomalies: number; withinSeconds: number } | null;
  /** In place of the bundle's: seconds after a raised event in which the next is suppressed; 0 for no such rule. */
  cooldownSeconds?: number;
  /** Whether suppressed candidates are left out; default false. */
  raisedOnly?: boolean;
}

/** The rules with what is asked put in their place. @throws Fault `USAGE` for numbers that cannot be meant */
export function overrideRules(
  rules: EventRules,
  { persistence, cooldownSeconds }: Pick<EventOptions, "persistence" | "cooldownSeconds">,
): EventRules {
  const numbers = [persistence?.anomalies ?? 1, persistence?.withinSeconds ?? 0, cooldownSeconds ?? 0];
  if (!numbers.every((value) => Number.isFinite(value) && value >= 0)) {
    throw usage("--persistence and --cooldown", {
      found: numbers.join(", "),
      expected: "numbers of at least 0",
      hint: "Such as --persistence 3/30 --cooldown 300.",
    });
  }
  const given = rules.persistence;
  const kept = {
    consecutiveAnomalies: given?.consecutiveAnomalies ?? null,
    withinSeconds: given?.withinSeconds ?? null,
  };
  const asked = {
    consecutiveAnomalies: persistence?.anomalies ?? null,
    withinSeconds: persistence?.withinSeconds ?? null,
  };
  return {
    ...rules,
    persistence: {
      ...(persistence === undefined ? kept : asked),
      cooldownSeconds: cooldownSeconds ?? given?.cooldownSeconds ?? null,
    },
  };
}
