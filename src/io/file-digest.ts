import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { fileFault } from "./file-fault.ts";

const CHUNK_BYTES = 1 << 20;

/** The digest of a file's bytes, hexadecimal, whatever its size. @throws Fault if it cannot be read */
export function fileDigest(path: string, algorithm: "sha256" | "md5"): string {
  let handle: number | null = null;
  try {
    handle = openSync(path, "r");
    const hash = createHash(algorithm);
    const chunk = new Uint8Array(CHUNK_BYTES);
    for (let count = 1; count > 0; ) {
      count = readSync(handle, chunk, 0, CHUNK_BYTES, null);
      hash.update(chunk.subarray(0, count));
    }
    return hash.digest("hex");
  } catch (error) {
    throw fileFault(error, path);
  } finally {
    if (handle !== null) closeSync(handle);
  }
}
