import cliProgress from "cli-progress";
import type { FileDone } from "../task/messages.ts";
import type { Terminal } from "./output.ts";
import { duration, grouped } from "./words.ts";

/** Without a terminal, a line this often. */
const LINE_EVERY_MS = 10_000;

/** Shows how far a run is: one bar on a terminal, else a plain line now and then. What remains is judged by the bytes, which are known. */
export class Progress {
  readonly #err: Terminal["err"];
  readonly #totals: { files: number; bytes: number };
  readonly #lineEveryMs: number;
  readonly #begun = performance.now();
  readonly #bar: cliProgress.SingleBar | null;
  #done = { files: 0, bytes: 0, windows: 0 };
  #lastLine = performance.now();

  constructor(err: Terminal["err"], totals: { files: number; bytes: number }, { lineEveryMs = LINE_EVERY_MS } = {}) {
    this.#lineEveryMs = lineEveryMs;
    this.#err = err;
    this.#totals = totals;
    this.#bar = err.isTTY === true && totals.files > 0 ? new cliProgress.SingleBar(BAR_OPTIONS) : null;
    this.#bar?.start(Math.max(1, totals.bytes), 0, this.#payload());
  }

  /** A file is done. */
  advance({ bytes, windows }: FileDone): void {
    this.#done.files++;
    this.#done.bytes += bytes;
    this.#done.windows += windows;
    this.#bar?.update(this.#done.bytes, this.#payload());
    if (this.#bar !== null || performance.now() - this.#lastLine < this.#lineEveryMs) return;
    this.#lastLine = performance.now();
    const { files, windows: windowsDone, rate, remaining } = this.#payload();
    this.#err.write(`Processing: ${files} files, ${windowsDone} windows, ${rate} windows/s, ${remaining} left\n`);
  }

  /** Writes a line of its own, above the bar. */
  line(text: string): void {
    if (this.#bar !== null) this.#err.write("\r\x1b[K");
    this.#err.write(`${text}\n`);
    this.#bar?.updateETA();
  }

  /** Takes the bar away. */
  end(): void {
    this.#bar?.stop();
  }

  #payload() {
    const elapsed = Math.max(1, performance.now() - this.#begun);
    const { files, bytes, windows } = this.#done;
    const left = bytes === 0 ? null : (elapsed * (this.#totals.bytes - bytes)) / bytes;
    return {
      files: `${grouped(files)}/${grouped(this.#totals.files)}`,
      windows: grouped(windows),
      rate: grouped(Math.round((windows * 1000) / elapsed)),
      remaining: left === null ? "?" : duration(left),
    };
  }
}

const BAR_OPTIONS = {
  format: "Processing: {percentage}%|{bar}| {files} files, {windows} windows [{rate} windows/s, {remaining} left]",
  barCompleteChar: "\u2588",
  barIncompleteChar: " ",
  barsize: 30,
  hideCursor: true,
  etaBuffer: 1,
};
