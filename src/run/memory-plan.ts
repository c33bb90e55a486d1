import { totalmem } from "node:os";
import { Fault } from "../faults/fault.ts";
import { WHOLE_FILE_BYTES } from "../task/open-table.ts";

const MIB = 2 ** 20;
/** What the coordinator takes, and for each input file; what a worker takes before it has any file. Measured, with room to spare. */
const COORDINATOR_BYTES = 96 * MIB;
const BYTES_PER_INPUT = 3584;
const WORKER_BYTES = 128 * MIB;
/** Without a limit of the user's: so much of the memory that the process may use. */
const DEFAULT_SHARE = 0.8;

/** How a run keeps within a limit of memory; bytes. */
export interface MemoryPlan {
  limitBytes: number;
  /** Whether the user set it. */
  isGiven: boolean;
  /** Workers that fit. */
  workers: number;
  /** That they are fewer than were asked for. */
  warnings: string[];
  /** What the files that are worked on at the same time may take together, beside the processes themselves. */
  filesBytes: number;
}

/** Fits the workers into the limit. @throws Fault USAGE for a limit that no worker fits into */
export function planMemory(limit: string | number | undefined, workersWanted: number): MemoryPlan {
  const limitBytes = limit === undefined ? Math.floor(DEFAULT_SHARE * usableMemory()) : memorySize(limit);
  const fitting = Math.floor((limitBytes - COORDINATOR_BYTES) / (WORKER_BYTES + WHOLE_FILE_BYTES));
  if (fitting < 1 && limit !== undefined) throw tooSmall(limit);
  const workers = Math.max(1, Math.min(workersWanted, fitting));
  const filesBytes = Math.max(WHOLE_FILE_BYTES, limitBytes - COORDINATOR_BYTES - workers * WORKER_BYTES);
  const room = `${Math.floor(limitBytes / MIB)} MiB of memory are for ${workers} workers, not for ${workersWanted}`;
  const warnings = workers < workersWanted ? [room] : [];
  return { limitBytes, isGiven: limit !== undefined, workers, warnings, filesBytes };
}

/** What is left for the files that are worked on once the coordinator knows of all inputs. */
export function filesMemory({ filesBytes }: MemoryPlan, inputs: number): number {
  return Math.max(WHOLE_FILE_BYTES, filesBytes - inputs * BYTES_PER_INPUT);
}

const UNITS: Record<string, number> = {
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** A size such as `2GiB`, `1.5 GB` or a number of bytes. @throws Fault USAGE */
export function memorySize(size: string | number): number {
  if (typeof size === "number" && size > 0 && Number.isFinite(size)) return size;
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?) ?([kmgt]i?b)$/i.exec(String(size)) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  if (number !== undefined && factor !== undefined) return Number(number) * factor;
  throw new Fault({
    code: "USAGE",
    path: "--memory-limit",
    found: String(size),
    expected: "a size with its unit, such as 2GiB, 1.5GB, 800MiB or 800MB",
    hint: "Leave the flag out for four fifths of the memory that may be used.",
  });
}

function tooSmall(limit: string | number): Fault {
  const smallest = Math.ceil((COORDINATOR_BYTES + WORKER_BYTES + WHOLE_FILE_BYTES) / MIB);
  return new Fault({
    code: "USAGE",
    path: "--memory-limit",
    found: String(limit),
    expected: `at least ${smallest}MiB, which one worker and its coordinator take`,
    hint: "Raise the limit.",
  });
}

/** The machine's memory, or what its control group allows if that is less. */
function usableMemory(): number {
  const constrained = process.constrainedMemory() ?? 0;
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
