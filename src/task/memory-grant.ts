import { Fault } from "../faults/fault.ts";
import type { GrantedMemory } from "./messages.ts";

/** An ordinary file takes less. */
const LARGE_BYTES = 32 << 20;

/** A file of a task needs more memory than the task was granted, and more can be had: the task is to be given it and run again. */
export class MemoryNeeded {
  readonly bytes: number;

  constructor(bytes: number) {
    this.bytes = bytes;
  }
}

/** What a file may take of the memory beyond what every worker has anyway. Who hands it out is told if it was not enough. */
export class MemoryGrant {
  readonly bytes: number;
  /** What a file asked for beyond the grant, bytes; null where none did. */
  refused: number | null = null;
  /** Whether the last file asked for as much as no ordinary file does. */
  wasLarge = false;

  readonly #isAll: boolean;

  constructor({ bytes, isAll }: GrantedMemory = { bytes: Number.POSITIVE_INFINITY, isAll: true }) {
    this.bytes = bytes;
    this.#isAll = isAll;
  }

  /** That no file was refused what it could have. @throws MemoryNeeded */
  checkEnough(): void {
    if (this.refused !== null && !this.#isAll) throw new MemoryNeeded(this.refused);
  }

  /** Asks for memory for a file. @throws Fault OUT_OF_MEMORY */
  take(path: string, bytes: number): void {
    this.wasLarge = bytes > LARGE_BYTES;
    // Asked so that what is no number is no reason to come again for more, which would never end.
    if (!(bytes > this.bytes)) return;
    this.refused = bytes;
    throw new Fault({
      code: "OUT_OF_MEMORY",
      path,
      found: `a file that needs about ${mebibytes(bytes)}`,
      expected: `at most ${mebibytes(this.bytes)}, what the memory limit leaves for it`,
      hint: "Raise --memory-limit or use fewer workers; else split the recording, or write it in smaller row groups.",
    });
  }
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}
