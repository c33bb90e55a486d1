import type { ColumnMetaData } from "hyparquet";
import { crc32 } from "../../io/crc32.ts";
import type { Kernels } from "../../kernels/kernels.ts";
import { type PageHeader, readPageHeader } from "./page-header.ts";

const PLAIN = 0;
const RLE = 3;
/** Indices into a dictionary, by the format's older and newer number. */
const DICTIONARIES = [2, 8];

/** A column on its way into the memory of the kernels. */
export interface ColumnTarget {
  /** Bytes of a value: 4 or 8. */
  width: number;
  isOptional: boolean;
  rowCount: number;
  /** Room for `rowCount` values, and for as many bits (zero). */
  values: number;
  bitmap: number;
  /** Rows and values so far. */
  rows: number;
  present: number;
}

/** Reads column chunks whose pages are plain or indices into a dictionary, not compressed or with Snappy. */
export class ChunkReader {
  readonly #kernels: Kernels;
  readonly #file: Uint8Array;

  constructor(kernels: Kernels, file: Uint8Array) {
    this.#kernels = kernels;
    this.#file = file;
  }

  /** Adds the chunk's values to the column. False where they are damaged or otherwise encoded. @throws RangeError where memory does not reach */
  add(chunk: ColumnMetaData, target: ColumnTarget): boolean {
    const start = Number(chunk.dictionary_page_offset || chunk.data_page_offset);
    const end = start + Number(chunk.total_compressed_size);
    if (!(start >= 4 && start <= end && end <= this.#file.length)) return false;
    if (chunk.codec !== "SNAPPY" && chunk.codec !== "UNCOMPRESSED") return false;
    const { memory } = this.#kernels;
    const base = memory.allocate(end - start);
    new Uint8Array(memory.buffer).set(this.#file.subarray(start, end), base);
    const pages = new PageReader(this.#kernels, target, { isSnappy: chunk.codec === "SNAPPY" });
    const before = target.rows;
    const isRead = pages.readAll(base, base + end - start);
    memory.rewind(base);
    return isRead && target.rows - before === Number(chunk.num_values);
  }
}

/** The pages of one chunk, one after another. */
class PageReader {
  readonly #kernels: Kernels;
  readonly #target: ColumnTarget;
  readonly #isSnappy: boolean;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #dictionary = { address: 0, size: 0 };
  #unpacked = { address: 0, bytes: -1 };

  constructor(kernels: Kernels, target: ColumnTarget, { isSnappy }: { isSnappy: boolean }) {
    this.#kernels = kernels;
    this.#target = target;
    this.#isSnappy = isSnappy;
    this.#bytes = new Uint8Array(kernels.memory.buffer);
    this.#view = new DataView(kernels.memory.buffer);
  }

  readAll(from: number, to: number): boolean {
    for (let at = from; at < to; ) {
      const page = readPageHeader(this.#bytes, at, to);
      if (page === null || page.end > to) return false;
      if (page.crc !== undefined && page.crc !== crc32(this.#bytes.subarray(page.start, page.end))) return false;
      if (!this.#readPage(page)) return false;
      at = page.end;
    }
    return true;
  }

  #readPage(page: PageHeader): boolean {
    if (page.kind === "dictionary") return this.#readDictionary(page);
    if (page.kind === "other" || !(page.count >= 0 && page.count <= this.#target.rowCount - this.#target.rows))
      return false;
    return page.kind === "data" ? this.#readData(page) : this.#readSecondData(page);
  }

  #readDictionary({ start, end, unpackedBytes, count, encoding }: PageHeader): boolean {
    if (this.#dictionary.address !== 0 || (encoding !== PLAIN && encoding !== 2)) return false;
    if (!(count >= 0 && count * this.#target.width <= unpackedBytes)) return false;
    const address = this.#unpack({ start, end, bytes: unpackedBytes, isSnappy: this.#isSnappy });
    // It stays: the next page is unpacked elsewhere.
    this.#unpacked.bytes = -1;
    this.#dictionary = { address, size: count };
    return address !== 0;
  }

  #readData({ start, end, unpackedBytes, count, encoding, levelEncoding }: PageHeader): boolean {
    let at = this.#unpack({ start, end, bytes: unpackedBytes, isSnappy: this.#isSnappy });
    if (at === 0) return false;
    const pageEnd = at + unpackedBytes;
    let levels = { from: at, to: at };
    if (this.#target.isOptional) {
      if (levelEncoding !== RLE || unpackedBytes < 4) return false;
      levels = { from: at + 4, to: at + 4 + this.#view.getUint32(at, true) };
      if (levels.to > pageEnd) return false;
      at = levels.to;
    }
    return this.#readValues(levels, { at, end: pageEnd, count, encoding });
  }

  #readSecondData(page: PageHeader): boolean {
    const { start, end, unpackedBytes, count, encoding, levelBytes, isCompressed } = page;
    if (page.repetitionBytes !== 0 || !(levelBytes >= 0 && levelBytes <= Math.min(end - start, unpackedBytes)))
      return false;
    const levels = { from: start, to: start + levelBytes };
    const bytes = unpackedBytes - levelBytes;
    const at = this.#unpack({ start: levels.to, end, bytes, isSnappy: this.#isSnappy && isCompressed });
    const before = this.#target.present;
    if (at === 0 || !this.#readValues(levels, { at, end: at + bytes, count, encoding })) return false;
    // It says twice how many there are.
    return page.rows === count && page.absent === count - (this.#target.present - before);
  }

  /** Where the bytes of a page lie once they are unpacked; 0 where they are damaged. */
  #unpack({ start, end, bytes, isSnappy }: { start: number; end: number; bytes: number; isSnappy: boolean }): number {
    if (!isSnappy) return end - start === bytes ? start : 0;
    if (this.#unpacked.bytes < bytes) this.#unpacked = { address: this.#kernels.memory.allocate(bytes), bytes };
    const { address } = this.#unpacked;
    if (bytes === 0 && start === end) return address;
    return this.#kernels.run.unpackSnappy(start, end - start, address, bytes) ? address : 0;
  }

  #readValues(
    levels: { from: number; to: number },
    { at, end, count, encoding }: { at: number; end: number; count: number; encoding: number },
  ): boolean {
    const target = this.#target;
    const { run } = this.#kernels;
    const present = target.isOptional ? run.readBits(levels.from, levels.to, count, target.bitmap, target.rows) : count;
    if (present < 0) return false;
    const out = target.values + target.present * target.width;
    if (encoding === PLAIN) {
      if (end - at < present * target.width) return false;
      this.#bytes.copyWithin(out, at, at + present * target.width);
    } else if (!DICTIONARIES.includes(encoding) || !this.#lookUp(at, { end, present, out })) return false;
    target.rows += count;
    target.present += present;
    return true;
  }

  #lookUp(at: number, { end, present, out }: { end: number; present: number; out: number }): boolean {
    if (present === 0) return true;
    const { address, size } = this.#dictionary;
    const width = this.#bytes[at]!;
    if (address === 0 || at >= end || width > 32) return false;
    const lookUp = this.#target.width === 4 ? this.#kernels.run.lookUp32 : this.#kernels.run.lookUp64;
    return lookUp(at + 1, end, width, present, address, size, out) === 0;
  }
}
