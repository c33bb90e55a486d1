import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import Papa from "papaparse";
import { Fault } from "../faults/fault.ts";
import { fileFault } from "./file-fault.ts";

/** A header line is a few kilobytes; what has no line break by here is no table. */
const LONGEST_HEADER_BYTES = 1_000_000;

/**
 * The column names in the first line of a CSV file, plain or gzip, blanks around them taken off.
 * Throws `FILE_EMPTY`, `CSV_MALFORMED` where there is no such line, `FILE_CORRUPT` for a damaged gzip, or a fault of the disk.
 */
export async function readCsvHeader(path: string): Promise<string[]> {
  const text = await readStart(path);
  const lines = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  const [header] = Papa.parse<string[]>(lines, { delimiter: ",", newline: "\n", preview: 1 }).data;
  if (header !== undefined) return header.map((name) => name.trim());
  throw new Fault({
    code: "FILE_EMPTY",
    path,
    found: "no header line",
    expected: "a CSV table with a header",
    hint: "Copy or export the file again.",
  });
}

/** The text up to the line break that ends the header: the first that stands outside of quotes. */
async function readStart(path: string): Promise<string> {
  const source = createReadStream(path);
  const bytes = /\.gz$/i.test(path) ? unzip(source) : source;
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let text = "";
  try {
    for await (const chunk of bytes) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if (/^[^\r\n"]*(?:"[^"]*"[^\r\n"]*)*[\r\n]/.test(text)) return text;
      if (text.length > LONGEST_HEADER_BYTES) throw tooLong(path);
    }
    return text;
  } catch (error) {
    throw fileFault(error, path);
  } finally {
    source.destroy();
    bytes.destroy();
  }
}

/** Unlike a pipeline, this lets the reader stop in the middle without an error. */
function unzip(source: Readable): Readable {
  const gunzip = createGunzip();
  source.on("error", (error) => gunzip.destroy(error));
  return source.pipe(gunzip);
}

function tooLong(path: string): Fault {
  return new Fault({
    code: "CSV_MALFORMED",
    path,
    found: `no line break in the first ${LONGEST_HEADER_BYTES} characters`,
    expected: "a CSV table with a header line",
    hint: "Check that the file is text, and that its quotes are closed.",
  });
}
