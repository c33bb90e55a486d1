import { FLIGHT_PHASES } from "../verdict/thresholds.ts";
import { UNKNOWN_PHASE } from "../windows/series.ts";
import { type Column, isValid } from "./column.ts";

/** The flight phase of each row: 0 to 7 from a code or a word in any case, anything else {@link UNKNOWN_PHASE}. */
export function phaseCodes(column: Column | undefined, rowCount: number): Uint8Array {
  const codes = new Uint8Array(rowCount).fill(UNKNOWN_PHASE);
  if (column?.kind === "text") {
    const byWord = column.dictionary.map(phaseOfWord);
    for (let row = 0; row < rowCount; row++) codes[row] = byWord[column.codes[row]!] ?? UNKNOWN_PHASE;
  } else if (column?.kind === "number") {
    const { values, validity } = column;
    for (let row = 0; row < rowCount; row++) {
      const value = values[row]!;
      if (value >= 0 && value < FLIGHT_PHASES.length && Number.isInteger(value) && isValid(validity, row))
        codes[row] = value;
    }
  }
  return codes;
}

function phaseOfWord(word: string): number {
  const code = FLIGHT_PHASES.findIndex((phase) => phase === word.toLowerCase());
  return code === -1 ? UNKNOWN_PHASE : code;
}
