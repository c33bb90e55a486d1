import { gunzipSync, gzipSync } from "node:zlib";
import { thriftNumbers, varint } from "./thrift.ts";

/** Whole numbers below `limit`, the same for the same seed. */
export type Dice = (limit: number) => number;

/** What was done to a file, and what it is now. */
export interface Damaged {
  how: string;
  bytes: Uint8Array;
}

type Damage = (bytes: Uint8Array, dice: Dice, other: Uint8Array) => Uint8Array;

/** Dice of a seed (mulberry32). */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

/** Damages a copy of a file in one way or several; `other` is a file of the same form, for splices. */
export function damage(form: string, bytes: Uint8Array, { dice, other }: { dice: Dice; other: Uint8Array }): Damaged {
  const ways = { ...ANY, ...(OWN[form] ?? TEXT) };
  const names = Object.keys(ways);
  const how = Array.from({ length: dice(4) === 0 ? 2 : 1 }, () => names[dice(names.length)]!);
  return { how: how.join("+"), bytes: how.reduce((now, name) => ways[name]!(now, dice, other), bytes) };
}

function edited(bytes: Uint8Array, edit: (copy: Uint8Array) => void): Uint8Array {
  const copy = Uint8Array.from(bytes);
  if (copy.length > 0) edit(copy);
  return copy;
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** A range: mostly a short one, since a file of which much is lost is soon refused. */
function rangeOf(bytes: Uint8Array, dice: Dice): [number, number] {
  const start = dice(bytes.length + 1);
  const longest = dice(3) === 0 ? bytes.length : 64;
  return [start, Math.min(bytes.length, start + 1 + dice(longest))];
}

const ANY: Record<string, Damage> = {
  "bit flips": (bytes, dice) =>
    edited(bytes, (copy) => {
      for (let n = 1 + dice(8); n > 0; n--) copy[dice(copy.length)]! ^= 1 << dice(8);
    }),
  "byte changes": (bytes, dice) =>
    edited(bytes, (copy) => {
      for (let n = 1 + dice(8); n > 0; n--) copy[dice(copy.length)] = [0, 1, 0x7f, 0x80, 0xff, dice(256)][dice(6)]!;
    }),
  "cut off": (bytes, dice) => bytes.slice(0, dice(bytes.length + 1)),
  "beginning lost": (bytes, dice) => bytes.slice(dice(bytes.length + 1)),
  "range lost": (bytes, dice) => {
    const [start, end] = rangeOf(bytes, dice);
    return joined(bytes.subarray(0, start), bytes.subarray(end));
  },
  "range twice": (bytes, dice) => {
    const [start, end] = rangeOf(bytes, dice);
    return joined(bytes.subarray(0, end), bytes.subarray(start));
  },
  "range of zeros": (bytes, dice) => edited(bytes, (copy) => copy.fill(0, ...rangeOf(copy, dice))),
  "range of another": (bytes, dice, other) =>
    edited(bytes, (copy) => {
      const [start, end] = rangeOf(copy, dice);
      copy.set(other.subarray(start, end), start);
    }),
};

/** Numbers that code tends to believe in vain. */
const LIES = [
  0n,
  1n,
  -1n,
  2n,
  127n,
  65_536n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  -(2n ** 31n),
  2n ** 40n,
  2n ** 53n,
  2n ** 62n,
  2n ** 63n - 1n,
];

function footerStart(bytes: Uint8Array): number {
  if (bytes.length < 12) return bytes.length;
  return Math.max(0, bytes.length - 8 - new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 8, true));
}

function withFooter(bytes: Uint8Array, footer: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, footer.length, true);
  return joined(bytes.subarray(0, footerStart(bytes)), footer, length, bytes.slice(-4));
}

/** Replaces a number in a thrift structure, whatever its length. */
function lie(structure: Uint8Array, dice: Dice): Uint8Array {
  try {
    const numbers = thriftNumbers(structure);
    const { start, end, isSigned } = numbers[dice(numbers.length)]!;
    const value = varint(LIES[dice(LIES.length)]! + BigInt(dice(3) === 0 ? dice(100) : 0), isSigned);
    return joined(structure.subarray(0, start), value, structure.subarray(end));
  } catch {
    return structure;
  }
}

const PARQUET: Record<string, Damage> = {
  "lie in the footer": (bytes, dice) => withFooter(bytes, lie(bytes.slice(footerStart(bytes), -8), dice)),
  "lies in the footer": (bytes, dice) =>
    withFooter(bytes, lie(lie(lie(bytes.slice(footerStart(bytes), -8), dice), dice), dice)),
  "bits of the footer": (bytes, dice) =>
    edited(bytes, (copy) => {
      const start = footerStart(copy);
      for (let n = 1 + dice(4); n > 0; n--) copy[start + dice(copy.length - start)]! ^= 1 << dice(8);
    }),
  "lie in the first page": (bytes, dice) =>
    edited(bytes, (copy) =>
      copy.subarray(4).set(lie(copy.slice(4, 60), dice).subarray(0, Math.min(56, Math.max(0, copy.length - 4)))),
    ),
  "footer of another": (bytes, _, other) => withFooter(bytes, other.slice(footerStart(other), -8)),
  "length of the footer": (bytes, dice) =>
    edited(bytes, (copy) => {
      for (let i = 0; i < 4 && copy.length >= 8; i++) copy[copy.length - 8 + i] = [0, 0xff, dice(256)][dice(3)]!;
    }),
};

const TOKENS = [
  "__proto__",
  "constructor",
  "prototype",
  "1e999",
  "-1e999",
  "NaN",
  "-0",
  "9".repeat(400),
  "\0",
  "\ufeff",
  '"',
  "'",
  "\n",
  "\r",
  ",",
  ",,,,",
  "[",
  "{",
  "]}",
  "null",
  "true",
  "&a",
  "*a",
  "!!js/function",
  "!!python/object:os.system",
  "<<: *a",
  ": ",
  "- ",
  "#",
  "%",
  "\t",
  "\x1b[31m",
  "..",
  "/etc/passwd",
  "2025-13-45T99:99:99",
  "[[[[[[[[[[",
  "\ud800",
  "🛩",
];

function tokenInserted(bytes: Uint8Array, dice: Dice): Uint8Array {
  const at = dice(bytes.length + 1);
  return joined(bytes.subarray(0, at), Buffer.from(TOKENS[dice(TOKENS.length)]!), bytes.subarray(at));
}

const TEXT: Record<string, Damage> = {
  "token put in": tokenInserted,
  "word replaced": (bytes, dice) => {
    const text = Buffer.from(bytes).toString("latin1");
    const words = [...text.matchAll(/[\w.+-]+/g)];
    const word = words[dice(Math.max(1, words.length))];
    if (word === undefined) return bytes;
    const end = word.index + word[0].length;
    return joined(bytes.subarray(0, word.index), Buffer.from(TOKENS[dice(TOKENS.length)]!), bytes.subarray(end));
  },
  "line many times": (bytes, dice) => {
    const lines = Buffer.from(bytes).toString("latin1").split("\n");
    const line = `${lines[dice(lines.length)]}\n`;
    return joined(bytes, Buffer.from(line.repeat(1 + dice(2000)), "latin1"));
  },
};

function inside(way: Damage): Damage {
  return (bytes, dice, other) => {
    try {
      return new Uint8Array(gzipSync(way(new Uint8Array(gunzipSync(bytes)), dice, other), { level: 1 }));
    } catch {
      return bytes;
    }
  };
}

const OWN: Record<string, Record<string, Damage>> = {
  parquet: PARQUET,
  "csv.gz": {
    ...Object.fromEntries(Object.entries(TEXT).map(([name, way]) => [`${name}, inside`, inside(way)])),
    "bit flips, inside": inside(ANY["bit flips"]!),
    "cut off, inside": inside(ANY["cut off"]!),
  },
  onnx: {},
  pickle: { "token put in": tokenInserted },
};
