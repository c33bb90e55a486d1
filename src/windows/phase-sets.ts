import { type Segments, windowEnd } from "./segments.ts";

const PHASES = 8;

/**
 * Per window the set of the most common phase codes of its rows, as bits 0 to 7: more than one bit on a tie, 0 where no row has a phase.
 * Which of a tie wins depends on the model's thresholds (`resolvePhase`), so that a set can be shared by models.
 */
export function commonestPhases(codes: Uint8Array, segments: Segments): Uint8Array {
  const sets = new Uint8Array(segments.windowCount);
  const counts = new Int32Array(PHASES);
  for (let w = 0; w < sets.length; w++) {
    const end = windowEnd(segments, w);
    counts.fill(0);
    for (let i = segments.first[w]!; i < end; i++) counts[codes[i]!]!++;
    sets[w] = setOfLargest(counts);
  }
  return sets;
}

function setOfLargest(counts: Int32Array): number {
  let largest = 0;
  let set = 0;
  for (let phase = 0; phase < PHASES; phase++) {
    const count = counts[phase]!;
    if (count === 0 || count < largest) continue;
    set = count > largest ? 1 << phase : set | (1 << phase);
    largest = count;
  }
  return set;
}
