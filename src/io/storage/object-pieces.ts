import { createHash } from "node:crypto";
import { mapLimited } from "../map-limited.ts";
import type { ByteRange } from "./storage.ts";
import { storageOf } from "./storage.ts";

/** Requests for one object that are under way at once. */
const AT_ONCE = 6;
/** Ranges are read in one request where the bytes between them, all together, are at most this share of what is wanted. */
const WASTE = 0.05;

/** An object of a known version. */
export interface ObjectVersion {
  path: string;
  sizeBytes: number;
  /** Its ETag. */
  version: string;
}

interface Piece {
  start: number;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Pieces of an object that have been fetched. */
export class ObjectPieces {
  readonly #object: ObjectVersion;
  #pieces: Piece[] = [];
  /** Bytes that were asked for so far, and in how many requests. */
  readonly fetched = { bytes: 0, requests: 0 };

  constructor(object: ObjectVersion) {
    this.#object = object;
  }

  /** Fetches what is not there yet of these ranges, neighbours together. @throws Fault FILE_CHANGED if the object is another by now */
  async fetch(ranges: readonly ByteRange[]): Promise<void> {
    const { path, version } = this.#object;
    const storage = await storageOf(path);
    const missing = joinNeighbours(ranges.flatMap((range) => this.#missing(range)));
    const pieces = await mapLimited(missing, AT_ONCE, async (range): Promise<Piece> => {
      this.fetched.bytes += range.end - range.start;
      this.fetched.requests++;
      return { start: range.start, bytes: await storage.readRange(path, range, version) };
    });
    this.#pieces = [...this.#pieces, ...pieces].sort((a, b) => a.start - b.start);
  }

  /** Lets go of all that lies before `end`. */
  dropBefore(end: number): void {
    this.#pieces = this.#pieces.filter(({ start, bytes }) => start + bytes.length > end);
  }

  /** Bytes in memory that is the caller's own. @throws RangeError where not all of them were fetched */
  read(start: number, end: number): Uint8Array<ArrayBuffer> {
    if (this.#missing({ start, end }).length > 0)
      throw new RangeError(`bytes ${start} to ${end} of ${this.#object.path} were not fetched`);
    return this.readAround(start, end);
  }

  /** The same with zeros for what was not fetched: for who asks for more than it looks at. */
  readAround(start: number, end: number): Uint8Array<ArrayBuffer> {
    const into = new Uint8Array(end - start);
    for (const piece of this.#pieces) {
      const from = Math.max(start, piece.start);
      const to = Math.min(end, piece.start + piece.bytes.length);
      if (from < to) into.set(piece.bytes.subarray(from - piece.start, to - piece.start), from - start);
    }
    return into;
  }

  #missing({ start, end }: ByteRange): ByteRange[] {
    const missing: ByteRange[] = [];
    let at = start;
    for (const piece of this.#pieces) {
      if (piece.start >= end) break;
      if (piece.start > at) missing.push({ start: at, end: piece.start });
      at = Math.max(at, piece.start + piece.bytes.length);
    }
    if (at < end) missing.push({ start: at, end });
    return missing;
  }
}

/** The ranges in as few as may be: the narrowest gaps are read over, as long as all of them together are a small share. */
export function joinNeighbours(ranges: readonly ByteRange[]): ByteRange[] {
  const sorted = ranges.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start);
  const wanted = sorted.reduce((sum, { start, end }) => sum + end - start, 0);
  const gaps = sorted.slice(1).map(({ start }, i) => Math.max(0, start - sorted[i]!.end));
  let allowed = WASTE * wanted;
  const bridged = new Set<number>();
  for (const i of gaps.map((_, k) => k).sort((a, b) => gaps[a]! - gaps[b]!)) {
    if (gaps[i]! > allowed) break;
    allowed -= gaps[i]!;
    bridged.add(i);
  }
  const joined: ByteRange[] = [];
  sorted.forEach(({ start, end }, i) => {
    const last = joined[joined.length - 1];
    if (last !== undefined && bridged.has(i - 1)) last.end = Math.max(last.end, end);
    else joined.push({ start, end });
  });
  return joined;
}

/** An object from its beginning, in chunks that grow: whoever needs little of it takes little. */
export async function* objectChunks({
  path,
  sizeBytes,
  version,
}: ObjectVersion): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const storage = await storageOf(path);
  let length = FIRST_CHUNK_BYTES;
  for (let start = 0; start < sizeBytes; ) {
    const end = Math.min(start + length, sizeBytes);
    yield await storage.readRange(path, { start, end }, version);
    start = end;
    length = Math.min(2 * length, LARGEST_CHUNK_BYTES);
  }
}

/** The digest of an object's bytes, hexadecimal, whatever its size. */
export async function objectDigest(object: ObjectVersion, algorithm: "sha256" | "md5"): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of objectChunks(object)) hash.update(chunk);
  return hash.digest("hex");
}

const FIRST_CHUNK_BYTES = 64 << 10;
const LARGEST_CHUNK_BYTES = 8 << 20;
