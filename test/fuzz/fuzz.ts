import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { News, Order } from "./child.ts";

/** How to fuzz. */
export interface FuzzOptions {
  fixtures: string;
  seed: number;
  variants: number;
  /** Longest that a variant may take, and most memory that the process may come to have. */
  timeLimitMs: number;
  memoryLimitBytes: number;
  /** Called after each variant. */
  progress?: (done: number) => void;
}

/** What was found. */
export interface FuzzReport {
  variants: number;
  /** By form of file, then by outcome: a fault's code, `scored`, `no windows`. */
  outcomes: Record<string, Record<string, number>>;
  /** What must not be, each with its variant. */
  wrong: { index: number; name: string; how: string; what: string }[];
  slowestMs: number;
  peakBytes: number;
}

/** A process is renewed after so many variants, so that one that leaves something behind is found near its cause. */
const PER_PROCESS = 500;
const MOST_IDLE = 3;

/** Examines damaged variants in processes of their own, each variant with a limit of time; one that dies or hangs is noted and passed over. */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const report: FuzzReport = { variants: 0, outcomes: {}, wrong: [], slowestMs: 0, peakBytes: 0 };
  let idle = 0;
  for (let from = 0; from < options.variants; ) {
    const to = Math.min(options.variants, from + PER_PROCESS);
    const next = await oneProcess({ fixtures: options.fixtures, seed: options.seed, from, to }, options, report);
    // Killed from outside before it began, perhaps; not for ever.
    idle = next === from ? idle + 1 : 0;
    if (idle === MOST_IDLE) throw new Error(`the process cannot begin, ${idle} times`);
    from = next;
  }
  return report;
}

/** Runs a process, and returns the number of the next variant to examine. */
function oneProcess(order: Order, options: FuzzOptions, report: FuzzReport): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL("./child.js", import.meta.url)), {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const watch = new Watch(child, options.timeLimitMs);
    let current: Extract<News, { kind: "begun" }> | null = null;
    let next = order.from;
    const note = (what: string) =>
      report.wrong.push({ index: next, name: current?.name ?? "", how: current?.how ?? "", what });
    child.on("message", (news: News) => {
      if (child.killed) return;
      watch.restart();
      if (news.kind === "begun") {
        current = news;
        return;
      }
      count(report, news);
      if (news.wrong !== null) note(news.wrong);
      if (news.peakBytes > options.memoryLimitBytes) {
        note(`${Math.round(news.peakBytes / 2 ** 20)} MiB of memory`);
        child.kill("SIGKILL");
      }
      next = news.index + 1;
      current = null;
      options.progress?.(next);
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      watch.end();
      if (current !== null) {
        report.variants++;
        note(watch.timedOut ? `no end within ${options.timeLimitMs} ms` : `the process ended (${signal ?? code})`);
        next++;
      }
      resolve(next);
    });
    child.send(order);
  });
}

/** Kills a process that says nothing for too long. */
class Watch {
  readonly #child: ChildProcess;
  readonly #limitMs: number;
  #timer: NodeJS.Timeout | undefined;
  timedOut = false;

  constructor(child: ChildProcess, limitMs: number) {
    this.#child = child;
    this.#limitMs = limitMs;
    this.restart();
  }

  restart(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.timedOut = true;
      this.#child.kill("SIGKILL");
    }, this.#limitMs);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

function count(report: FuzzReport, { form, outcome, ms, peakBytes }: Extract<News, { kind: "done" }>): void {
  report.variants++;
  report.outcomes[form] ??= {};
  report.outcomes[form][outcome] = (report.outcomes[form][outcome] ?? 0) + 1;
  report.slowestMs = Math.max(report.slowestMs, ms);
  report.peakBytes = Math.max(report.peakBytes, peakBytes);
}
