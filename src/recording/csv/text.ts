import { isUtf8 } from "node:buffer";
import { createGunzip } from "node:zlib";
import { Fault } from "../../faults/fault.ts";
import { lineTooLong, malformed, RECORD_LIMIT } from "./faults.ts";

/** The bytes of a CSV file, and what to make of them. */
export interface CsvSource {
  path: string;
  bytes: Uint8Array;
  gzip: boolean;
  /** A gzip file that holds more than this is refused. */
  maxDecompressedBytes: number;
}

const BLOCK_BYTES = 1 << 20;
const LINE_FEED = 10;
const BYTE_ORDER_MARK = "\uFEFF";

/**
 * The text of a file in pieces of whole lines, each ended by a single line feed whatever ended it in the file.
 * @throws Fault `FILE_EMPTY`, `FILE_CORRUPT` (gzip), `FILE_UNSUPPORTED` (too large) or `CSV_MALFORMED` (not UTF-8)
 */
export async function* csvText(source: CsvSource): AsyncGenerator<string> {
  const before = { lines: 0, bytes: 0 };
  for await (const lines of wholeLines(source)) {
    if (!isUtf8(lines)) throw notUtf8(source, lines, before);
    const text = lines.toString("utf8");
    const bare = before.bytes === 0 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
    yield bare.includes("\r") ? bare.replace(/\r\n?/g, "\n") : bare;
    before.lines += countLineFeeds(text);
    before.bytes += lines.length;
  }
  if (before.bytes === 0) throw emptyFile(source);
}

/** How many line feeds there are in `text`. */
export function countLineFeeds(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

async function* wholeLines(source: CsvSource): AsyncGenerator<Buffer> {
  let rest: Uint8Array = new Uint8Array(0);
  for await (const block of source.gzip ? decompressed(source) : blocksOf(source.bytes)) {
    const end = block.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) yield Buffer.concat([rest, block.subarray(0, end)]);
    rest = end > 0 ? block.subarray(end) : Buffer.concat([rest, block]);
    if (rest.length > RECORD_LIMIT) throw lineTooLong(source.path);
  }
  if (rest.length > 0) yield Buffer.from(rest);
}

function* blocksOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) yield bytes.subarray(at, at + BLOCK_BYTES);
}

async function* decompressed(source: CsvSource): AsyncGenerator<Uint8Array> {
  if (source.bytes.length === 0) return;
  const gunzip = createGunzip({ chunkSize: BLOCK_BYTES });
  gunzip.end(source.bytes);
  let total = 0;
  try {
    for await (const block of gunzip as AsyncIterable<Buffer>) {
      total += block.length;
      if (total > source.maxDecompressedBytes) throw tooLarge(source);
      yield block;
    }
  } catch (error) {
    throw error instanceof Fault ? error : damagedGzip(source, error);
  }
}

function emptyFile(source: CsvSource): Fault {
  return new Fault({
    code: "FILE_EMPTY",
    path: source.path,
    found: source.bytes.length === 0 ? "the file has 0 bytes" : "the gzip file holds 0 bytes",
    expected: "a CSV file with a header line",
    hint: "Copy the file again from where it was recorded.",
  });
}

function damagedGzip(source: CsvSource, cause: unknown): Fault {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const detail = {
    code: "FILE_CORRUPT",
    path: source.path,
    found: `the gzip data is damaged or cut off (${reason})`,
    expected: "a whole gzip file",
    hint: "Copy the file again, or compress it again with gzip; a plain CSV file must not be named .gz.",
  } as const;
  return new Fault(detail, { cause });
}

function tooLarge(source: CsvSource): Fault {
  return new Fault({
    code: "FILE_UNSUPPORTED",
    path: source.path,
    found: `the gzip file of ${source.bytes.length} bytes holds more than ${source.maxDecompressedBytes} bytes`,
    expected: `at most ${source.maxDecompressedBytes} bytes of text`,
    hint: "Split the recording, or convert it to Parquet.",
  });
}

function notUtf8(source: CsvSource, lines: Buffer, before: { lines: number; bytes: number }): Fault {
  const isGzip = source.bytes[0] === 0x1f && source.bytes[1] === 0x8b && !source.gzip;
  const { line, byte } = firstBadByte(lines);
  return malformed(source.path, before.lines + line, {
    found: `byte ${before.bytes + byte} (0x${lines[byte]!.toString(16).padStart(2, "0")}) is not UTF-8`,
    expected: "text in UTF-8",
    hint: isGzip ? "This is a gzip file: name it .csv.gz." : "Convert the file to UTF-8.",
  });
}

/** A line feed is never part of a longer UTF-8 sequence, so each line can be judged alone. */
function firstBadByte(lines: Buffer): { line: number; byte: number } {
  let line = 1;
  let start = 0;
  for (;;) {
    const feed = lines.indexOf(LINE_FEED, start);
    const end = feed < 0 ? lines.length : feed;
    const content = lines.subarray(start, end);
    if (feed < 0 || !isUtf8(content)) {
      const good = content.toString("utf8").split("\uFFFD", 1)[0]!;
      return { line, byte: start + Buffer.byteLength(good) };
    }
    line++;
    start = end + 1;
  }
}
