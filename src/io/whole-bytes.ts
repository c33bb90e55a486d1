import { readSync, writeSync } from "node:fs";

/** Fills `into` from offset `at` of an open file. @throws Error if the file ends sooner: no zeros are made up for it */
export function readFully(file: number, into: Uint8Array, at: number): void {
  let done = 0;
  while (done < into.length) {
    const read = readSync(file, into, done, into.length - done, at + done);
    if (read === 0) throw new Error(`file ends at byte ${at + done}, ${into.length - done} bytes too soon`);
    done += read;
  }
}

/** Writes all of `bytes` at the end of what was written. */
export function writeFully(file: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(file, bytes, done);
}
