import type { FileFindings } from "./findings.ts";

/** What a number must be, beside being one. */
export interface NumberRule {
  above?: number;
  atLeast?: number;
  atMost?: number;
  below?: number;
  /** Used where the key is absent; without it, absence is an error. */
  absent?: number;
}

/** Whether a value is a map of a YAML or JSON file. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value of a file as text, for messages. */
export function shown(value: unknown): string {
  if (value === undefined) return "absent";
  if (typeof value === "number") return String(value);
  const text = asJson(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

/** An alias of YAML may put a list into itself, which JSON cannot write. */
function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return "a collection within itself";
  }
}

/** Reads the keys of one map of a file by rules; each breach is noted with where it stands, and reading goes on. */
export class Fields {
  readonly #record: Record<string, unknown>;
  readonly #where: string;
  readonly #findings: FileFindings;
  readonly #known = new Set<string>();

  constructor(record: Record<string, unknown>, where: string, findings: FileFindings) {
    this.#record = record;
    this.#where = where;
    this.#findings = findings;
  }

  /** The map at `value`, or null with an error. */
  static of(value: unknown, where: string, findings: FileFindings): Fields | null {
    if (isRecord(value)) return new Fields(value, where, findings);
    findings.error(`${where} is ${shown(value)}, expected a map`);
    return null;
  }

  /** The value of a key as it stands; undefined where it is absent or null. */
  raw(key: string): unknown {
    this.#known.add(key);
    return Object.hasOwn(this.#record, key) ? (this.#record[key] ?? undefined) : undefined;
  }

  error(key: string, value: unknown, expected: string): void {
    this.#findings.error(`${this.#where}: ${key} is ${shown(value)}, expected ${expected}`);
  }

  /** A finite number; NaN stands for one that was refused. */
  number(key: string, rule: NumberRule = {}): number {
    const value = this.raw(key);
    if (value === undefined && rule.absent !== undefined) return rule.absent;
    if (typeof value === "number" && Number.isFinite(value) && keepsRule(value, rule)) return value;
    this.error(key, value, ruleInWords(rule));
    return Number.NaN;
  }

  /** Text that is not empty; "" stands for one that was refused. */
  text(key: string): string {
    const value = this.raw(key);
    if (typeof value === "string" && value !== "") return value;
    this.error(key, value, "a text");
    return "";
  }

  /** One of `choices`, or null if it was refused. */
  choice<T extends string>(key: string, choices: readonly T[], absent?: T): T | null {
    const value = this.raw(key);
    if (value === undefined && absent !== undefined) return absent;
    const found = choices.find((choice) => choice === value);
    if (found === undefined) this.error(key, value, `one of ${choices.join(", ")}`);
    return found ?? null;
  }

  /** Warns of every key that was not asked for: a key misspelt would be passed over in silence. */
  warnOfOthers(): void {
    const others = Object.keys(this.#record).filter((key) => !this.#known.has(key));
    if (others.length > 0) this.#findings.warn(`${this.#where}: ${others.join(", ")} is not known and has no effect`);
  }
}

function keepsRule(value: number, { above, atLeast, atMost, below }: NumberRule): boolean {
  return (
    (above === undefined || value > above) &&
    (atLeast === undefined || value >= atLeast) &&
    (atMost === undefined || value <= atMost) &&
    (below === undefined || value < below)
  );
}

function ruleInWords({ above, atLeast, atMost, below }: NumberRule): string {
  const parts = [
    above === undefined ? "" : `above ${above}`,
    atLeast === undefined ? "" : `at least ${atLeast}`,
    atMost === undefined ? "" : `at most ${atMost}`,
    below === undefined ? "" : `below ${below}`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "a finite number" : `a number ${parts.join(" and ")}`;
}
