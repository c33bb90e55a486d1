import { FLIGHT_PHASES } from "../verdict/thresholds.ts";
import { type SeriesInput, UNKNOWN_PHASE } from "../windows/series.ts";
import { type Column, isValid } from "./column.ts";
import type { PresentRows } from "./present-rows.ts";

const PHASE_NAMES: readonly string[] = FLIGHT_PHASES;

/** The flight phase of each row: 0 to 7 from a code or a word in any case, anything else {@link UNKNOWN_PHASE}. */
export function phaseCodes(column: Column | undefined, rowCount: number): Uint8Array {
  const codeAt = phaseReader(column);
  const validity = column?.kind === "number" ? column.validity : null;
  return Uint8Array.from({ length: rowCount }, (_, row) => (isValid(validity, row) ? codeAt(row) : UNKNOWN_PHASE));
}

/** The rows of a flight whose phase is known. Looks only at those in which there is a value: a phase is mostly recorded once a second. */
export function knownPhases(column: Column | undefined, present: PresentRows): SeriesInput["phases"] {
  if (column?.kind !== "number" && column?.kind !== "text")
    return { times: new Float64Array(0), codes: new Uint8Array(0) };
  const codeAt = phaseReader(column);
  const { rows, times } = present.of(column.kind === "number" ? column.validity : null);
  const known = { times: new Float64Array(times.length), codes: new Uint8Array(times.length) };
  let count = 0;
  for (let i = 0; i < times.length; i++) {
    const code = codeAt(rows === null ? i : rows[i]!);
    if (code === UNKNOWN_PHASE) continue;
    known.times[count] = times[i]!;
    known.codes[count++] = code;
  }
  // The very times of a signal, where they are: what is known of one is then known of both.
  if (count === times.length) return { times, codes: known.codes };
  return { times: known.times.subarray(0, count), codes: known.codes.subarray(0, count) };
}

/** Reads a row that has a value. */
function phaseReader(column: Column | undefined): (row: number) => number {
  if (column?.kind === "text") {
    const byWord = column.dictionary.map(phaseOfWord);
    return (row) => byWord[column.codes[row]!] ?? UNKNOWN_PHASE;
  }
  if (column?.kind !== "number") return () => UNKNOWN_PHASE;
  const { values } = column;
  return (row) => {
    const value = values[row]!;
    return value >= 0 && value < FLIGHT_PHASES.length && Number.isInteger(value) ? value : UNKNOWN_PHASE;
  };
}

function phaseOfWord(word: string): number {
  const code = PHASE_NAMES.indexOf(word.toLowerCase());
  return code === -1 ? UNKNOWN_PHASE : code;
}
