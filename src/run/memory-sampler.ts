import { readFileSync } from "node:fs";

/** The most memory that all processes of a run had together. */
export interface MemoryPeak {
  peakBytes: number;
  /**
   * `sampled`: all processes looked at every {@link SAMPLE_EVERY_MS}, what they share counted once; `maxima`: each process's own peak,
   * added up, where the system does not tell more.
   */
  method: "sampled" | "maxima";
}

const SAMPLE_EVERY_MS = 100;
/** Linux on the processors that we run on. */
const PAGE_BYTES = 4096;

/** Looks now and then at the memory of this process and of its children. */
export class MemorySampler {
  #peakBytes = 0;
  readonly #timer: NodeJS.Timeout;
  /** Told of each sample, bytes, where the system gives any. */
  onSample: ((bytes: number) => void) | undefined;

  constructor() {
    this.#timer = setInterval(() => this.#sample(), SAMPLE_EVERY_MS);
    this.#timer.unref();
  }

  end(): void {
    clearInterval(this.#timer);
  }

  /** The peak so far; `ownPeaks`: that of each process by itself. */
  peak(ownPeaks: readonly number[]): MemoryPeak {
    this.#sample();
    if (this.#peakBytes > 0) return { peakBytes: this.#peakBytes, method: "sampled" };
    return { peakBytes: ownPeaks.reduce((sum, bytes) => sum + bytes, 0), method: "maxima" };
  }

  #sample(): void {
    const own = residentPages(process.pid);
    if (own === null) return;
    const children = childrenOf(process.pid).flatMap((pid) => residentPages(pid) ?? []);
    // Code that is mapped from files is the same memory in all workers.
    const shared = children.reduce((most, child) => Math.max(most, child.shared), 0) + own.shared;
    const pages = [own, ...children].reduce((sum, { unshared }) => sum + unshared, shared);
    this.#peakBytes = Math.max(this.#peakBytes, pages * PAGE_BYTES);
    this.onSample?.(pages * PAGE_BYTES);
  }
}

function childrenOf(pid: number): number[] {
  const text = read(`/proc/${pid}/task/${pid}/children`) ?? "";
  return text.split(" ").filter(Boolean).map(Number);
}

function residentPages(pid: number): { shared: number; unshared: number } | null {
  const [, resident, shared] = read(`/proc/${pid}/statm`)?.split(" ").map(Number) ?? [];
  return resident === undefined || shared === undefined ? null : { shared, unshared: resident - shared };
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
