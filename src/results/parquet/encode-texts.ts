import { ByteWriter } from "hyparquet-writer";
import { deltaBinaryPack } from "hyparquet-writer/src/delta.js";
import type { EncodedValues } from "./encoded-values.ts";

/** Texts one after the other, each behind its length: what every reader reads. */
export function plainTexts(parts: string[][]): EncodedValues {
  const { bytes, ends } = joinTexts(parts);
  const page = new Uint8Array(bytes.length + 4 * ends.length);
  const lengths = new DataView(page.buffer);
  let at = 0;
  let from = 0;
  for (const end of ends) {
    lengths.setUint32(at, end - from, true);
    at += 4;
    while (from < end) page[at++] = bytes[from++]!;
  }
  return { encoding: "PLAIN", bytes: page };
}

/** Texts of which each leaves out the beginning that it shares with the one before (DELTA_BYTE_ARRAY): ids differ in their last digits. */
export function frontCodedTexts(parts: string[][]): EncodedValues {
  const { bytes, ends } = joinTexts(parts);
  const prefixes = new Int32Array(ends.length);
  const suffixes = new Int32Array(ends.length);
  const kept = new Uint8Array(bytes.length);
  let count = 0;
  let before = 0;
  let from = 0;
  for (let i = 0; i < ends.length; i++) {
    const end = ends[i]!;
    const longest = Math.min(end - from, from - before);
    let prefix = 0;
    while (prefix < longest && bytes[before + prefix] === bytes[from + prefix]) prefix++;
    prefixes[i] = prefix;
    suffixes[i] = end - from - prefix;
    for (let k = from + prefix; k < end; k++) kept[count++] = bytes[k]!;
    before = from;
    from = end;
  }
  const page = new ByteWriter(count + ends.length);
  deltaBinaryPack(page, prefixes, "INT32");
  deltaBinaryPack(page, suffixes, "INT32");
  page.appendBytes(kept.subarray(0, count));
  return { encoding: "DELTA_BYTE_ARRAY", bytes: page.getBytes() };
}

/** The texts as UTF-8 in a row, and where each ends. Encoded all at once: one call a text costs more than all the rest. */
function joinTexts(parts: string[][]): { bytes: Uint8Array; ends: Int32Array } {
  const ends = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  const encoded = parts.map((texts) => Buffer.from(texts.join("")));
  let row = 0;
  let end = 0;
  parts.forEach((texts, i) => {
    const isAscii = texts.reduce((sum, { length }) => sum + length, 0) === encoded[i]!.length;
    for (const text of texts) {
      end += isAscii ? text.length : Buffer.byteLength(text);
      ends[row++] = end;
    }
  });
  return { bytes: encoded.length === 1 ? encoded[0]! : Buffer.concat(encoded), ends };
}
