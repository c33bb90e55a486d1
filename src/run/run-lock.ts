import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { Fault } from "../faults/fault.ts";
import { errorCode } from "../io/file-fault.ts";

/** Run folders that this process itself has. */
const held = new Set<string>();

/**
 * Makes the run folder this process's own until the returned function is called: two runs of one output would take each other's parts
 * away. The lock of a process that is dead is taken over. @throws Fault USAGE if another run has it
 */
export function lockRun(runDirectory: string): () => void {
  mkdirSync(runDirectory, { recursive: true });
  const path = join(runDirectory, "lock");
  const owner = JSON.stringify({ pid: process.pid, host: hostname() });
  if (!create(path, owner)) {
    const holder = readHolder(path);
    if (holder !== null && (held.has(path) || isAlive(holder))) throw heldFault(runDirectory, holder);
    rmSync(path, { force: true });
    if (!create(path, owner)) throw heldFault(runDirectory, readHolder(path));
  }
  held.add(path);
  return () => {
    held.delete(path);
    rmSync(path, { force: true });
  };
}

interface Holder {
  pid: number;
  host: string;
}

function create(path: string, owner: string): boolean {
  try {
    const file = openSync(path, "wx");
    writeSync(file, owner);
    closeSync(file);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

function readHolder(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Holder;
  } catch {
    return null;
  }
}

/** A process of another machine is taken to live: nothing here can tell. */
function isAlive({ pid, host }: Holder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

function heldFault(runDirectory: string, holder: Holder | null): Fault {
  return new Fault({
    code: "USAGE",
    path: runDirectory,
    found: `a run that is under way (process ${holder?.pid ?? "?"} on ${holder?.host ?? "?"})`,
    expected: "one run at a time for each output",
    hint: `Wait for it, choose another --output, or remove ${join(runDirectory, "lock")} if that process is gone.`,
  });
}
