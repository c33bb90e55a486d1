/** Flight phases by their code, 0 to 7. */
const PHASE_NAMES = ["ground", "taxi", "takeoff", "climb", "cruise", "descent", "approach", "landing"] as const;

/** Every word that a filter takes for a flight phase. */
export const PHASE_WORDS: readonly string[] = [...PHASE_NAMES, "unknown"];

/** The code of a phase written as its name (in any case) or its code; null is `unknown`, undefined no phase at all. */
export function parsePhase(text: string): number | null | undefined {
  if (/^[0-7]$/.test(text)) return Number(text);
  const name = text.toLowerCase();
  if (name === "unknown") return null;
  const code = PHASE_NAMES.indexOf(name as (typeof PHASE_NAMES)[number]);
  return code < 0 ? undefined : code;
}
