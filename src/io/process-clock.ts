import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** Where the zero of a process's `performance.now()` lies, so that times of several processes can be put on one axis. */
export interface ProcessClock {
  /** Its machine since that was started: processes with the same have the same monotonic clock. */
  machine: string;
  pid: number;
  /** The zero by the machine's monotonic clock, milliseconds; exact to some microseconds. */
  monotonicMs: number;
  /** The zero by the time of day, milliseconds since 1970; as exact as that clock was set when the process began. */
  wallMs: number;
}

const READINGS = 5;

/** The clock of this process. */
export function processClock(): ProcessClock {
  return { machine: machineName(), pid: process.pid, monotonicMs: monotonicZero(), wallMs: performance.timeOrigin };
}

/** What to add to times of `other` to have them on the axis of `own`, milliseconds. */
export function offsetBetween(own: ProcessClock, other: ProcessClock): number {
  return own.machine === other.machine ? other.monotonicMs - own.monotonicMs : other.wallMs - own.wallMs;
}

/** Of several readings the one whose surroundings took the least time, since it may have been interrupted. */
function monotonicZero(): number {
  let [best, narrowest] = [0, Number.POSITIVE_INFINITY];
  for (let i = 0; i < READINGS; i++) {
    const before = performance.now();
    const now = Number(process.hrtime.bigint()) / 1e6;
    const after = performance.now();
    if (after - before >= narrowest) continue;
    narrowest = after - before;
    best = now - (before + after) / 2;
  }
  return best;
}

function machineName(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return hostname();
  }
}
