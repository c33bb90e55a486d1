import { FAULT_CODES, Fault, type FaultDetail } from "../../../faults/fault.ts";
import type { Task, TaskOptions, TaskReport } from "../../../task/messages.ts";
import { columnsOfRun, writePart } from "../../../task/part-files.ts";
import { failedFile } from "../../../task/score-file.ts";

/** Writes the part of a task that no worker could do: all of its files failed, and why. The next run of the same command tries them again. */
export async function writeGivenUpPart(task: Task, options: TaskOptions, why: GivenUp): Promise<TaskReport> {
  const report = (): Omit<TaskReport, "part"> => ({
    index: task.index,
    fingerprint: task.fingerprint,
    files: task.files.map((file) => failedFile(file, faultOf(file.path, why)).report),
    stages: { read: 0, decode: 0, compute: 0, infer: 0, write: 0 },
    inference: { windows: 0, milliseconds: 0 },
    worker: { pid: process.pid, peakMemoryBytes: 0 },
  });
  return writePart(options.partsDirectory, columnsOfRun(options), { chunks: [], report });
}

/** What the queue says of a task that it has given up. */
export interface GivenUp {
  reason: string;
  /** What its last worker said, if one could; from Redis, so it may be anything. */
  fault: unknown;
}

function faultOf(path: string, { reason, fault }: GivenUp): Fault {
  const { code, found, expected, hint } = (fault ?? {}) as Partial<FaultDetail>;
  if (code !== undefined && Object.hasOwn(FAULT_CODES, code) && [found, expected, hint].every(isText))
    return new Fault({ code, path, found: found!, expected: expected!, hint: hint! });
  return new Fault({
    code: "WORKER_CRASHED",
    path,
    found: `a task that was given up (${reason})`,
    expected: "a task that a worker brings to its end",
    hint: "Do workers have memory and disk enough? What they say is in their output. The same command tries again.",
  });
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
