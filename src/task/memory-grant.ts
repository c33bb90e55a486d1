import { Fault } from "../faults/fault.ts";

/** What a file may take of the memory beyond what every worker has anyway. Who hands it out is told if it was not enough. */
export class MemoryGrant {
  readonly bytes: number;
  /** What a file asked for beyond the grant, bytes; null where none did. */
  refused: number | null = null;

  constructor(bytes = Number.POSITIVE_INFINITY) {
    this.bytes = bytes;
  }

  /** Asks for memory for a file. @throws Fault OUT_OF_MEMORY */
  take(path: string, bytes: number): void {
    if (bytes <= this.bytes) return;
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
