import type { FileHandle } from "node:fs/promises";
import { Fault } from "../faults/fault.ts";

/** The bytes from `start` to `end` (exclusive). A file that ends sooner is `FILE_CORRUPT`: no zeros are made up for it. */
export async function readRange(file: FileHandle, { path, start, end }: { path: string; start: number; end: number }) {
  const bytes = new Uint8Array(end - start);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) {
      throw new Fault({
        code: "FILE_CORRUPT",
        path,
        found: `the file ends at byte ${start + filled}`,
        expected: `${end} bytes`,
        hint: "It became shorter while it was read: wait until it is written.",
      });
    }
    filled += bytesRead;
  }
  return bytes;
}
