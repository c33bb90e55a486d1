import { THRIFT, ThriftReader } from "../../io/compact-thrift.ts";

/** What may stand in a field, by `FileMetaData` of the format's parquet.thrift. */
type Content =
  | "bool"
  | "byte"
  | "i16"
  | "i32"
  | "i64"
  | "binary"
  /** UTF-8. */
  | "text"
  /** A number that stands for something: the numbers that do. */
  | { known: readonly number[] }
  | { list: Content }
  | Shape;

interface Shape {
  fields: Readonly<Record<number, Content>>;
  needed: readonly number[];
  /** How many fields there are: one where it is one of several things, none where being there says all. */
  count?: number;
}

const upTo = (most: number) => ({ known: Array.from({ length: most + 1 }, (_, i) => i) });
const PHYSICAL = upTo(7);
const ENCODING = { known: [0, 2, 3, 4, 5, 6, 7, 8, 9] };
const NOTHING: Shape = { fields: {}, needed: [], count: 0 };
const UNIT: Shape = { fields: { 1: NOTHING, 2: NOTHING, 3: NOTHING }, needed: [], count: 1 };
const INSTANT: Shape = { fields: { 1: "bool", 2: UNIT }, needed: [1, 2] };
const LOGICAL: Shape = {
  fields: {
    1: NOTHING,
    2: NOTHING,
    3: NOTHING,
    4: NOTHING,
    5: { fields: { 1: "i32", 2: "i32" }, needed: [1, 2] },
    6: NOTHING,
    7: INSTANT,
    8: INSTANT,
    10: { fields: { 1: "byte", 2: "bool" }, needed: [1, 2] },
    11: NOTHING,
    12: NOTHING,
    13: NOTHING,
    14: NOTHING,
    15: NOTHING,
  },
  needed: [],
  count: 1,
};
const ELEMENT: Shape = {
  fields: {
    1: PHYSICAL,
    2: "i32",
    3: upTo(2),
    4: "text",
    5: "i32",
    6: upTo(21),
    7: "i32",
    8: "i32",
    9: "i32",
    10: LOGICAL,
  },
  needed: [4],
};
const KEY_VALUES: Content = { list: { fields: { 1: "text", 2: "text" }, needed: [1] } };
const STATISTICS: Shape = {
  fields: { 1: "binary", 2: "binary", 3: "i64", 4: "i64", 5: "binary", 6: "binary", 7: "bool", 8: "bool" },
  needed: [],
};
const CHUNK: Shape = {
  fields: {
    1: PHYSICAL,
    2: { list: ENCODING },
    3: { list: "text" },
    4: upTo(7),
    5: "i64",
    6: "i64",
    7: "i64",
    8: KEY_VALUES,
    9: "i64",
    10: "i64",
    11: "i64",
    12: STATISTICS,
    13: { list: { fields: { 1: upTo(3), 2: ENCODING, 3: "i32" }, needed: [1, 2, 3] } },
    14: "i64",
    15: "i32",
    16: { fields: { 1: "i64", 2: { list: "i64" }, 3: { list: "i64" } }, needed: [] },
  },
  needed: [1, 2, 3, 4, 5, 6, 7, 9],
};
const GROUP: Shape = {
  fields: {
    1: {
      list: {
        fields: { 1: "text", 2: "i64", 3: CHUNK, 4: "i64", 5: "i32", 6: "i64", 7: "i32", 9: "binary" },
        needed: [2],
      },
    },
    2: "i64",
    3: "i64",
    4: { list: { fields: { 1: "i32", 2: "bool", 3: "bool" }, needed: [1, 2, 3] } },
    5: "i64",
    6: "i64",
    7: "i16",
  },
  needed: [1, 2, 3],
};
const FOOTER: Shape = {
  fields: {
    1: "i32",
    2: { list: ELEMENT },
    3: "i64",
    4: { list: GROUP },
    5: KEY_VALUES,
    6: "text",
    7: { list: { fields: { 1: NOTHING }, needed: [], count: 1 } },
    9: "binary",
  },
  needed: [1, 2, 3, 4],
};

/**
 * Whether a footer is as the format has it, field by field, also where nobody reads it: where anything is out of order, it is damaged, and
 * what else is would not be noticed. Fields that the format did not have yet may be there.
 */
export function isInShape(footer: Uint8Array): boolean {
  try {
    const reader = new ThriftReader(footer);
    passStruct(reader, FOOTER, 0);
    return reader.at === footer.length;
  } catch {
    return false;
  }
}

function passStruct(reader: ThriftReader, { fields, needed, count }: Shape, depth: number): void {
  let seen = 0;
  let found = 0;
  let id = 0;
  for (let head = reader.byte(); (head & 15) !== 0; head = reader.byte()) {
    id = reader.fieldOf(head, id);
    const content = fields[id];
    if (content === undefined) reader.pass(head & 15, depth);
    else passContent(reader, { content, type: head & 15, isEntry: false, depth });
    check(!(id >= 0 && id < 31 && (seen & (1 << id)) !== 0));
    if (id < 31) seen |= 1 << id;
    found++;
  }
  check(needed.every((one) => (seen & (1 << one)) !== 0) && (count === undefined || count === found));
}

interface Place {
  content: Content;
  /** The type that it is said to be of. */
  type: number;
  isEntry: boolean;
  depth: number;
}

function passContent(reader: ThriftReader, { content, type, isEntry, depth }: Place): void {
  if (typeof content === "string") passPlain(reader, { content, type, isEntry, depth });
  else if ("known" in content) {
    check(type === THRIFT.i32 && content.known.includes(reader.integer()));
  } else if ("list" in content) {
    check(type === THRIFT.list);
    const { type: entryType, size } = reader.list();
    const entry: Place = { content: content.list, type: entryType, isEntry: true, depth: depth + 1 };
    for (let i = 0; i < size; i++) passContent(reader, entry);
  } else {
    check(type === THRIFT.struct);
    passStruct(reader, content, depth + 1);
  }
}

function passPlain(reader: ThriftReader, { content, type, isEntry, depth }: Place): void {
  if (content === "bool") {
    check(!isEntry && (type === THRIFT.true || type === THRIFT.false));
  } else if (content === "text") {
    check(type === THRIFT.binary && isText(reader.binary()));
  } else {
    check(type === THRIFT[content as keyof typeof THRIFT]);
    reader.pass(type, depth);
  }
}

function check(isSo: boolean): void {
  if (!isSo) throw new Error("out of shape");
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });

function isText(bytes: Uint8Array): boolean {
  if (bytes.every((byte) => byte < 128)) return true;
  UTF8.decode(bytes);
  return true;
}
