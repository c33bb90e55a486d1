import { readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import type { InputFile } from "../io/input-file.ts";
import { isRemote } from "../io/storage/address.ts";
import { readObject } from "../task/read-input.ts";

/** What reading the sample for the first time told of the disk. */
export interface FirstReading {
  bytes: number;
  seconds: number;
  /** Of these, what came from a device or an object store and not from memory; null where the system does not tell. */
  deviceBytes: number | null;
}

/** A sample is at most so large: it is to stay in memory from pass to pass. */
const MOST_BYTES = 512 << 20;
const MOST_FILES = 4000;
const CHUNK_BYTES = 4 << 20;

/**
 * The files in an order of which every beginning is spread evenly over the list: its middle, its quarters, its eighths (van der Corput), and so
 * over aircraft and days where the list goes by them.
 */
export function evenly<T>(list: readonly T[]): T[] {
  const bits = Math.ceil(Math.log2(Math.max(2, list.length)));
  const order: T[] = [];
  for (let i = 0; i < 1 << bits; i++) {
    const at = reversed(i + 1, bits);
    if (at < list.length) order.push(list[at]!);
  }
  return order;
}

/** The lowest bits of a number in reverse. */
function reversed(value: number, bits: number): number {
  let result = 0;
  for (let bit = 0; bit < bits; bit++) if (value & (1 << bit)) result |= 1 << (bits - 1 - bit);
  return result;
}

/**
 * Reads files until the time is over or there are enough for a sample, at least one of them. What cannot be read is not in the sample: a run
 * reports it.
 */
export async function readSample(
  order: readonly InputFile[],
  { seconds, stop }: { seconds: number; stop: AbortSignal | undefined },
): Promise<{ files: InputFile[]; reading: FirstReading }> {
  const begun = performance.now();
  const spent = () => (performance.now() - begun) / 1000;
  const deviceBefore = deviceBytes();
  const files: InputFile[] = [];
  let [bytes, remoteBytes] = [0, 0];
  for (const file of order) {
    const isEnough = spent() > seconds || bytes + file.sizeBytes > MOST_BYTES || files.length >= MOST_FILES;
    if (stop?.aborted === true || (files.length > 0 && isEnough)) break;
    const read = isRemote(file.path) ? await fetchObject(file) : await readThrough(file.path, stop);
    if (read === null) continue;
    bytes += read;
    if (isRemote(file.path)) remoteBytes += read;
    files.push(file);
  }
  const deviceAfter = deviceBytes();
  const fetched = deviceBefore === null || deviceAfter === null ? null : deviceAfter - deviceBefore + remoteBytes;
  return { files, reading: { bytes, seconds: spent(), deviceBytes: fetched } };
}

/** The bytes of an object, or null if it cannot be read. */
async function fetchObject(file: InputFile): Promise<number | null> {
  return readObject(file).then(
    (bytes) => bytes.length,
    () => null,
  );
}

/** The bytes of a file, or null if it cannot be read. */
async function readThrough(path: string, stop: AbortSignal | undefined): Promise<number | null> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  const file = await open(path, "r").catch(() => null);
  if (file === null) return null;
  try {
    let total = 0;
    while (stop?.aborted !== true) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, total);
      if (bytesRead === 0) break;
      total += bytesRead;
    }
    return total;
  } catch {
    return null;
  } finally {
    await file.close();
  }
}

/** Bytes that this process has had fetched from devices so far; null where the system does not tell (it is Linux that does). */
function deviceBytes(): number | null {
  try {
    const found = /^read_bytes: (\d+)$/m.exec(readFileSync("/proc/self/io", "utf8"));
    return found === null ? null : Number(found[1]);
  } catch {
    return null;
  }
}
