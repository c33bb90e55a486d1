import { deserializeTCompactProtocol } from "hyparquet/src/thrift.js";

/** The header of a page. Field numbers: `PageHeader` of the format's parquet.thrift. */
export interface PageHeader {
  kind: "data" | "data v2" | "dictionary" | "other";
  /** Unsigned; by the format it covers the page's bytes as they lie there, levels included. */
  crc: number | undefined;
  /** Size of the page once it is decompressed. A negative size is taken for a large one, as the decoder would. */
  unpackedBytes: number;
  /** Where the page begins behind its header, and ends. */
  start: number;
  end: number;
  /** Values in the page, absent ones included. */
  count: number;
  /** How the values are encoded, by the format's number. */
  encoding: number;
  /** Of a page of the first version: how its levels are encoded. */
  levelEncoding: number;
  /** Of a page of the second version: bytes of its levels, which are never compressed, and whether the rest is. */
  levelBytes: number;
  repetitionBytes: number;
  isCompressed: boolean;
}

type Fields = { [key: `field_${number}`]: unknown };

/** Reads the header at `at`, or null where there is none. */
export function readPageHeader(view: DataView, at: number): PageHeader | null {
  try {
    const reader = { view, offset: at };
    const header = deserializeTCompactProtocol(reader) as Fields;
    const size = Number(header.field_3);
    if (!(size >= 0)) return null;
    const [kind, fields] = kindOf(header);
    const isSecond = kind === "data v2";
    return {
      kind,
      crc: typeof header.field_4 === "number" ? header.field_4 >>> 0 : undefined,
      unpackedBytes: Number(header.field_2) >>> 0,
      start: reader.offset,
      end: reader.offset + size,
      count: Number(fields.field_1),
      encoding: Number(isSecond ? fields.field_4 : fields.field_2),
      levelEncoding: Number(fields.field_3),
      levelBytes: Number(fields.field_5),
      repetitionBytes: Number(fields.field_6),
      isCompressed: fields.field_7 !== false,
    };
  } catch {
    return null;
  }
}

function kindOf({
  field_1: type,
  field_5: data,
  field_7: dictionary,
  field_8: second,
}: Fields): [PageHeader["kind"], Fields] {
  if (type === 0 && data) return ["data", data as Fields];
  if (type === 2 && dictionary) return ["dictionary", dictionary as Fields];
  if (type === 3 && second) return ["data v2", second as Fields];
  return ["other", {}];
}
