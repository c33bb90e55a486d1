const INFINITE = /^([+-]?)inf(?:inity)?$/i;
const NOT_A_NUMBER = /^[+-]?nan$/i;
const TRUE = /^true$/i;
const FALSE = /^false$/i;

/** Whether a cell holds no value: empty or `NaN` in any case, blanks around it or not. */
export function isMissingCell(cell: string): boolean {
  if (cell === "") return true;
  const bare = cell.trim();
  return bare === "" || (bare.length <= 4 && NOT_A_NUMBER.test(bare));
}

/** The number that a present cell holds (decimal, `inf`, `true` or `false` in any case), or null if it holds none. */
export function parseNumberCell(cell: string): number | null {
  const value = Number(cell);
  if (!Number.isNaN(value)) return isRadixLiteral(cell) ? null : value;
  const bare = cell.trim();
  const infinite = INFINITE.exec(bare);
  if (infinite !== null) return infinite[1] === "-" ? -Infinity : Infinity;
  if (TRUE.test(bare)) return 1;
  return FALSE.test(bare) ? 0 : null;
}

/** `Number` reads `0x1F`, `0b1` and `0o7`; here they are words. */
function isRadixLiteral(cell: string): boolean {
  const second = cell.trimStart().charCodeAt(1) | 32;
  return second === 120 || second === 98 || second === 111;
}

/** The numbers of a JSON list (`null` and `NaN` become NaN), or null if the cell is no list of numbers. */
export function parseListCell(cell: string): number[] | null {
  const bare = cell.trim();
  if (!bare.startsWith("[") || !bare.endsWith("]")) return null;
  const inside = bare.slice(1, -1);
  if (inside.trim() === "") return [];
  const items: number[] = [];
  for (const part of inside.split(",")) {
    const value = parseListItem(part);
    if (value === null) return null;
    items.push(value);
  }
  return items;
}

function parseListItem(item: string): number | null {
  const bare = item.trim();
  if (bare === "") return null;
  return bare === "null" || NOT_A_NUMBER.test(bare) ? Number.NaN : parseNumberCell(bare);
}
