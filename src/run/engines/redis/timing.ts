import { Fault } from "../../../faults/fault.ts";

/** How long things may take, milliseconds. All follow from how long a task belongs to a worker that says nothing. */
export interface QueueTiming {
  /** A worker that has not renewed its claim on a task for so long is taken for dead, and another gets the task. */
  lockMs: number;
  /** How often tasks of dead workers are looked for. */
  stallCheckMs: number;
  /** How often workers and coordinators say that they live, and for how long that holds. */
  heartbeatMs: number;
  presenceMs: number;
  /** How often a coordinator looks for what was done. */
  pollMs: number;
  /** How long Redis may be away, or refuse to write, before a run ends. */
  patienceMs: number;
}

const LOCK_SECONDS = 60;
const PATIENCE_SECONDS = 600;

/** By `FLIGHTBATCH_QUEUE_LOCK_SECONDS` and `FLIGHTBATCH_QUEUE_PATIENCE_SECONDS`. @throws Fault USAGE */
export function queueTiming(env: NodeJS.ProcessEnv = process.env): QueueTiming {
  const lockMs = 1000 * seconds("FLIGHTBATCH_QUEUE_LOCK_SECONDS", env, LOCK_SECONDS);
  const patienceMs = 1000 * seconds("FLIGHTBATCH_QUEUE_PATIENCE_SECONDS", env, PATIENCE_SECONDS);
  const heartbeatMs = Math.min(2000, lockMs / 4);
  return { lockMs, stallCheckMs: lockMs / 4, heartbeatMs, presenceMs: 5 * heartbeatMs, pollMs: 50, patienceMs };
}

function seconds(name: string, env: NodeJS.ProcessEnv, otherwise: number): number {
  const text = env[name];
  if (text === undefined || text === "") return otherwise;
  const value = Number(text);
  if (value >= 1 && value <= 86_400) return value;
  throw new Fault({
    code: "USAGE",
    path: name,
    found: text,
    expected: "seconds from 1 to 86400, the same for all workers",
    hint: `Unset it for ${otherwise}.`,
  });
}
