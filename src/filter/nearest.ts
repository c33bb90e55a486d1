/** The word of `words` that `typed` is most likely meant to be (letter case aside), or null if none is near. */
export function nearestWord(typed: string, words: readonly string[]): string | null {
  const wanted = typed.toLowerCase().replaceAll("-", "_");
  // A long text is no typo, and the distance costs length times length.
  if (wanted.length > 30) return null;
  let best: string | null = null;
  let bestEdits = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const word of words) {
    const edits = editsBetween(wanted, word);
    if (edits < bestEdits) [best, bestEdits] = [word, edits];
  }
  return best ?? words.find((word) => wanted.length > 2 && word.startsWith(wanted)) ?? null;
}

/** Levenshtein distance: letters to put in, take out or change. */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
