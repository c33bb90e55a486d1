/** A worker process as it shows itself: what `status` and the metrics say of it. */
export interface WorkerReport {
  host: string;
  pid: number;
  version: string;
  cpu: string;
  /** Tasks that it works on at once. */
  lanes: number;
  memoryBytes: number;
  /** Whether it takes no more tasks. */
  isDraining: boolean;
  done: { tasks: number; files: number; failedFiles: number; bytes: number; windows: number };
  /** Tries of tasks that ended in a fault; deaths of processes of its pool; tasks that another did meanwhile. */
  failedTries: number;
  deaths: number;
  lostTasks: number;
  /** Over the last half minute. */
  rates: { bytesPerSecond: number; windowsPerSecond: number };
  /** What it works on. */
  tasks: { run: string; index: number; file: string; filesDone: number; files: number; seconds: number }[];
  /** By run: why it takes no tasks of it, or what is odd about it here. */
  refusals: Record<string, string>;
  remarks: Record<string, string[]>;
}

/** What a worker says of itself, or null if it is no worker as this version knows them: others may write to Redis. */
export function asWorkerReport(value: unknown): WorkerReport | null {
  const { host, pid, done, rates, tasks, refusals, remarks } = (value ?? {}) as Partial<WorkerReport>;
  const areObjects = [done, rates, refusals, remarks].every((part) => typeof part === "object" && part !== null);
  const areWords = Object.values(refusals ?? {}).every((why) => typeof why === "string");
  const areLists = [tasks, ...Object.values(remarks ?? {})].every(Array.isArray);
  const isKnown = typeof host === "string" && typeof pid === "number" && areObjects && areWords && areLists;
  return isKnown ? (value as WorkerReport) : null;
}

/** Seconds over which a rate is taken. */
const SPAN_MS = 30_000;

/** How much was done in the last while. */
export class Rate {
  readonly #samples: { at: number; bytes: number; windows: number }[] = [];
  readonly #begun = performance.now();

  add(bytes: number, windows: number): void {
    this.#samples.push({ at: performance.now(), bytes, windows });
  }

  get now(): WorkerReport["rates"] {
    const since = performance.now() - SPAN_MS;
    while (this.#samples.length > 0 && this.#samples[0]!.at < since) this.#samples.shift();
    const seconds = Math.max(1, Math.min(SPAN_MS, performance.now() - this.#begun) / 1000);
    const sum = (of: "bytes" | "windows") => this.#samples.reduce((total, sample) => total + sample[of], 0);
    return { bytesPerSecond: sum("bytes") / seconds, windowsPerSecond: sum("windows") / seconds };
  }
}
