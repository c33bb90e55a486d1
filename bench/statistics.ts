/** The mean of the middle two, or the middle one, of `values`, of which there is at least one. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** One timed run of a contender. */
export interface Timing {
  wallSeconds: number;
  /** User and system time of all processes that were waited for. */
  cpuSeconds: number;
}

/** All runs of a contender on one set of recordings. */
export interface Trial {
  name: string;
  files: number;
  /** Windows in its results; 0 for one that scores nothing. */
  windows: number;
  timings: Timing[];
  /** Seconds of the same command over next to no work, a single short flight; empty if that was not measured. */
  startSeconds: number[];
  /** Most memory of all its processes together (shared pages counted once), or null where that cannot be measured. */
  peakBytes: number | null;
}

/** The best and the middle one of several measurements of a thing. */
export interface Spread {
  best: number;
  median: number;
}

/** What is shown of a trial. */
export interface Score {
  name: string;
  windowsPerSecond: Spread;
  filesPerSecond: Spread;
  cpuSecondsPerFile: Spread;
  peakBytes: number | null;
  /** Null where it was not measured. */
  startSeconds: Spread | null;
  /** Files a second and windows a second of the best run, the best start taken off; null where next to nothing would be left. */
  afterStart: { filesPerSecond: number; windowsPerSecond: number } | null;
}

/** The figures of a trial; the best run is the shortest, and that of the least processor time. */
export function scoreOf(trial: Trial): Score {
  const wall = spreadOf(trial.timings.map((timing) => timing.wallSeconds));
  const cpu = spreadOf(trial.timings.map((timing) => timing.cpuSeconds));
  const rate = (count: number): Spread => ({ best: count / wall.best, median: count / wall.median });
  return {
    name: trial.name,
    windowsPerSecond: rate(trial.windows),
    filesPerSecond: rate(trial.files),
    cpuSecondsPerFile: { best: cpu.best / trial.files, median: cpu.median / trial.files },
    peakBytes: trial.peakBytes,
    ...startOf(trial, wall.best),
  };
}

/** Of a run that is hardly longer than its start, the rest is noise. */
const LEAST_REST = 0.1;

function startOf({ startSeconds, files, windows }: Trial, wall: number): Pick<Score, "startSeconds" | "afterStart"> {
  if (startSeconds.length === 0) return { startSeconds: null, afterStart: null };
  const start = spreadOf(startSeconds);
  const rest = wall - start.best;
  const afterStart = { filesPerSecond: files / rest, windowsPerSecond: windows / rest };
  return { startSeconds: start, afterStart: rest < LEAST_REST * wall ? null : afterStart };
}

function spreadOf(values: readonly number[]): Spread {
  return { best: Math.min(...values), median: median(values) };
}

/** How one trial compares with another: each figure is the first's divided by the second's, at their best. */
export interface Ratio {
  peer: string;
  /** Above 1: more files in the same time. */
  throughput: number;
  /** The same without what starting takes; null where either was not measured. */
  afterStart: number | null;
  /** Below 1: less processor time for a file. */
  cpu: number;
  /** Below 1: less memory; null where either was not measured. */
  memory: number | null;
}

/** Compares `ours` with each of `peers`. */
export function ratiosOf(ours: Score, peers: readonly Score[]): Ratio[] {
  return peers.map((peer) => ({
    peer: peer.name,
    throughput: ours.filesPerSecond.best / peer.filesPerSecond.best,
    afterStart:
      ours.afterStart === null || peer.afterStart === null
        ? null
        : ours.afterStart.filesPerSecond / peer.afterStart.filesPerSecond,
    cpu: ours.cpuSecondsPerFile.best / peer.cpuSecondsPerFile.best,
    memory: ours.peakBytes === null || peer.peakBytes === null ? null : ours.peakBytes / peer.peakBytes,
  }));
}
