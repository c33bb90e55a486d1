import { readFileSync } from "node:fs";
import { childrenOf, type StartedRun } from "./fault-run.ts";

/** Waits for a run, and looks every 50 ms at what its processes take: their proportional shares of memory, as the kernel adds them up. */
export async function peakOfRun({ process: started, done }: StartedRun) {
  let peakBytes = 0;
  const timer = setInterval(() => {
    const pids = [started.pid!, ...childrenOf(started.pid!)];
    peakBytes = Math.max(
      peakBytes,
      pids.reduce((sum, pid) => sum + shareOf(pid), 0),
    );
  }, 50);
  try {
    return { ...(await done), peakBytes };
  } finally {
    clearInterval(timer);
  }
}

function shareOf(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    // It ended meanwhile.
    return 0;
  }
}
