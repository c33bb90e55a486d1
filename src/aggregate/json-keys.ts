import { open } from "node:fs/promises";
import { fileFault } from "../io/file-fault.ts";

/** A row of results is a few hundred bytes; what has no whole object by here is something else. */
const READ_BYTES = 1 << 20;

/** The keys of the first object in a list of objects or in lines of them; none for a list or a file without any, null for other content. */
export async function readJsonKeys(path: string): Promise<string[] | null> {
  const text = (await readStart(path)).trim();
  if (/^(?:\[\s*\])?$/.test(text)) return [];
  const start = /^\[?\s*(?=\{)/.exec(text)?.[0].length;
  if (start === undefined) return null;
  const end = objectEnd(text, start);
  try {
    return end === -1 ? null : Object.keys(JSON.parse(text.slice(start, end)) as object);
  } catch {
    return null;
  }
}

async function readStart(path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(READ_BYTES), 0, READ_BYTES, 0);
      return buffer.toString("utf8", 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileFault(error, path);
  }
}

/** The place behind the brace that closes the one at `start`, or -1. */
function objectEnd(text: string, start: number): number {
  let depth = 0;
  const token = /"(?:[^"\\]|\\.)*"|[{}]/gs;
  token.lastIndex = start;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    if (found[0] === "{") depth++;
    if (found[0] === "}" && --depth === 0) return token.lastIndex;
  }
  return -1;
}
