/** An event of the trace format of Chromium ("Trace Event Format"), as far as it is used here. Times in microseconds. */
export type TraceEvent =
  | { ph: "M"; pid: number; tid: number; name: string; args: Record<string, string | number> }
  | { ph: "X"; pid: number; tid: number; ts: number; dur: number; name: string; cat: string; args?: EventArgs }
  | { ph: "i"; pid: number; tid: number; ts: number; s: "g"; name: string; cat: string; args?: EventArgs }
  | { ph: "C"; pid: number; tid: number; ts: number; name: string; args: Record<string, number> };

/** What is shown of an event when it is clicked. */
export type EventArgs = Record<string, string | number | boolean | null>;

/** A track: all events of one process are on one thread of it. */
export class Track {
  readonly #pid: number;
  readonly #offsetMs: number;

  /** `offsetMs`: what to add to the process's own times. */
  constructor(pid: number, offsetMs: number) {
    this.#pid = pid;
    this.#offsetMs = offsetMs;
  }

  /** What the track is called, and its place among the others. */
  names(name: string): TraceEvent[] {
    return [
      this.#about("process_name", { name }),
      this.#about("process_sort_index", { sort_index: this.#pid }),
      this.#about("thread_name", { name }),
    ];
  }

  /** Something that lasted from `begin` to `end`, milliseconds by the process's clock. */
  span(
    name: string,
    [begin, end]: readonly [number, number],
    { cat, args }: { cat: string; args?: EventArgs },
  ): TraceEvent {
    // Both ends are rounded alike, so that what lies within another still does.
    const [ts, last] = [this.#micros(begin), this.#micros(end)];
    const dur = Math.round((last - ts) * 1000) / 1000;
    return { ...this.#own(), ph: "X", ts, dur, name, cat, ...(args && { args }) };
  }

  /** Something that happened at a moment, drawn over all tracks. */
  instant(name: string, at: number, args?: EventArgs): TraceEvent {
    return { ...this.#own(), ph: "i", ts: this.#micros(at), s: "g", name, cat: "note", ...(args && { args }) };
  }

  /** Values at a moment, drawn as areas. */
  counter(name: string, at: number, values: Record<string, number>): TraceEvent {
    return { ...this.#own(), ph: "C", ts: this.#micros(at), name, args: values };
  }

  #about(name: string, args: Record<string, string | number>): TraceEvent {
    return { ...this.#own(), ph: "M", name, args };
  }

  #own(): { pid: number; tid: number } {
    return { pid: this.#pid, tid: 1 };
  }

  /** Microseconds with three decimals. */
  #micros(milliseconds: number): number {
    return Math.round((milliseconds + this.#offsetMs) * 1e6) / 1000;
  }
}
