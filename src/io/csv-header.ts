import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import Papa from "papaparse";
import { Fault, type FaultCode } from "../faults/fault.ts";
import { errorCode, fileFault } from "./file-fault.ts";

/** A header line is a few kilobytes; what has no line break by here is no table. */
const LONGEST_HEADER_CHARACTERS = 1_000_000;

/**
 * The column names in the first line of a CSV file, plain or gzip, blanks around them taken off; `source`: its bytes, where it lies elsewhere.
 * Throws `FILE_EMPTY`, `CSV_MALFORMED` where there is no such line, `FILE_CORRUPT` for a damaged gzip, or a fault of the disk.
 */
export async function readCsvHeader(path: string, source: Readable = createReadStream(path)): Promise<string[]> {
  const text = await readStart(path, source);
  const lines = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  const [header] = Papa.parse<string[]>(lines, { delimiter: ",", newline: "\n", preview: 1 }).data;
  if (header !== undefined) return header.map((name) => name.trim());
  throw unlikeCsv(path, { code: "FILE_EMPTY", found: "no header line" });
}

/** The text up to the line break that ends the header: the first that stands outside of quotes. */
async function readStart(path: string, source: Readable): Promise<string> {
  const bytes = /\.gz$/i.test(path) ? unzip(source) : source;
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let text = "";
  try {
    for await (const chunk of bytes) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if (/^[^\r\n"]*(?:"[^"]*"[^\r\n"]*)*[\r\n]/.test(text)) return text;
      if (text.length > LONGEST_HEADER_CHARACTERS) throw tooLong(path);
    }
    return text;
  } catch (error) {
    throw headerFault(error, path);
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

function headerFault(error: unknown, path: string): Fault {
  const code = errorCode(error) ?? "";
  if (code.startsWith("Z_")) return unlikeCsv(path, { code: "FILE_CORRUPT", found: "damaged gzip data", cause: error });
  if (code !== "ERR_ENCODING_INVALID_ENCODED_DATA") return fileFault(error, path);
  return unlikeCsv(path, { code: "CSV_MALFORMED", found: "a first line that is not UTF-8", cause: error });
}

function tooLong(path: string): Fault {
  const found = `no line break in the first ${LONGEST_HEADER_CHARACTERS} characters`;
  return unlikeCsv(path, { code: "CSV_MALFORMED", found });
}

function unlikeCsv(path: string, { code, found, cause }: { code: FaultCode; found: string; cause?: unknown }): Fault {
  const expected = "a CSV table in UTF-8 with a header line";
  return new Fault({ code, path, found, expected, hint: "Copy or export the file again." }, { cause });
}
