import { closeSync, existsSync, openSync, rmSync, statSync } from "node:fs";
import { Fault } from "../../faults/fault.ts";
import { commitFile, temporaryName } from "../../io/atomic-write.ts";
import { writeFully } from "../../io/whole-bytes.ts";
import type { TraceEvent } from "./trace-events.ts";

/** A trace while it is written, an event a line, under a temporary name. A trace that cannot be written ends no run. */
export class TraceFile {
  readonly #path: string;
  readonly #temporary: string;
  readonly #most: number;
  #file: number | null;
  #count = 0;
  /** Events beyond the most that are kept. */
  dropped = 0;
  /** Why nothing more is written; null while all is well. */
  failure: string | null = null;

  /** @throws Fault OUTPUT_UNWRITABLE */
  constructor(path: string, mostEvents: number) {
    this.#path = path;
    this.#temporary = temporaryName(path);
    this.#most = mostEvents;
    if (existsSync(path) && statSync(path).isDirectory()) throw unwritable(path, "a folder", null);
    try {
      rmSync(this.#temporary, { force: true });
      this.#file = openSync(this.#temporary, "wx");
    } catch (error) {
      throw unwritable(path, `a file that cannot be written (${(error as Error).message})`, error);
    }
    this.#write('{"traceEvents":[\n');
  }

  /** Adds events; those of more than there may be are counted only. */
  add(events: readonly TraceEvent[]): void {
    const room = Math.max(0, this.#most - this.#count);
    const kept = events.slice(0, room);
    this.dropped += events.length - kept.length;
    this.#append(kept);
  }

  /** Puts the trace in its place, with these events whatever there is already. */
  finish(last: readonly TraceEvent[], about: Record<string, string | number>): void {
    this.#append(last);
    this.#write(`\n],\n"displayTimeUnit":"ms",\n"otherData":${JSON.stringify(about)}}\n`);
    if (this.#file !== null) {
      closeSync(this.#file);
      this.#file = null;
      this.#attempt(() => commitFile(this.#temporary, this.#path));
    }
    rmSync(this.#temporary, { force: true });
  }

  /** Leaves nothing of it. */
  abandon(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
    rmSync(this.#temporary, { force: true });
  }

  #append(events: readonly TraceEvent[]): void {
    if (events.length === 0) return;
    const lines = events.map((event) => JSON.stringify(event)).join(",\n");
    this.#write(this.#count === 0 ? lines : `,\n${lines}`);
    this.#count += events.length;
  }

  #write(text: string): void {
    const file = this.#file;
    if (file !== null) this.#attempt(() => writeFully(file, Buffer.from(text)));
  }

  #attempt(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.failure = (error as Error).message;
      this.abandon();
    }
  }
}

function unwritable(path: string, found: string, cause: unknown): Fault {
  return new Fault(
    {
      code: "OUTPUT_UNWRITABLE",
      path,
      found,
      expected: "a place where the profile can be written",
      hint: "Choose another --profile.",
    },
    { cause },
  );
}
