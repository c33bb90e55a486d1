import { readThrift, type ThriftStruct } from "../../io/compact-thrift.ts";

/** The header of a page. Field numbers: `PageHeader` of the format's parquet.thrift. A number that is not there is NaN. */
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
  /** Of a page of the second version: absent values, rows, bytes of its levels, which are never compressed, and whether the rest is. */
  absent: number;
  rows: number;
  levelBytes: number;
  repetitionBytes: number;
  isCompressed: boolean;
}

/** Bytes that the header of a page takes at most; it is longer only where it has very long texts for bounds. */
export const LONGEST_HEADER_BYTES = 4096;

/** Reads the header at `at`, or null where there is none before `end`. */
export function readPageHeader(bytes: Uint8Array, at: number, end: number): PageHeader | null {
  try {
    const header = readThrift(bytes.subarray(at, Math.min(at + LONGEST_HEADER_BYTES, end)));
    const size = numberAt(header.fields, 3);
    if (!(size >= 0)) return null;
    const crc = header.fields.get(4);
    const [kind, fields] = kindOf(header.fields);
    return {
      kind,
      crc: typeof crc === "number" ? crc >>> 0 : undefined,
      unpackedBytes: numberAt(header.fields, 2) >>> 0,
      start: at + header.end,
      end: at + header.end + size,
      count: numberAt(fields, 1),
      encoding: numberAt(fields, kind === "data v2" ? 4 : 2),
      levelEncoding: numberAt(fields, 3),
      absent: numberAt(fields, 2),
      rows: numberAt(fields, 3),
      levelBytes: numberAt(fields, 5),
      repetitionBytes: numberAt(fields, 6),
      isCompressed: fields.get(7) !== false,
    };
  } catch {
    return null;
  }
}

function numberAt(fields: ThriftStruct, id: number): number {
  const value = fields.get(id);
  return typeof value === "number" ? value : Number.NaN;
}

function kindOf(header: ThriftStruct): [PageHeader["kind"], ThriftStruct] {
  const [data, dictionary, second] = [header.get(5), header.get(7), header.get(8)];
  const type = header.get(1);
  // What it has to have, also where nobody asks for it.
  if (type === 0 && data instanceof Map && numberAt(data, 3) >= 0 && numberAt(data, 4) >= 0) return ["data", data];
  if (type === 2 && dictionary instanceof Map) return ["dictionary", dictionary];
  if (type === 3 && second instanceof Map) return ["data v2", second];
  return ["other", new Map()];
}
