import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { Fault } from "../faults/fault.ts";
import { temporaryName } from "../io/atomic-write.ts";
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
  const owner = JSON.stringify({ pid: process.pid, host: hostname(), started: startOf(process.pid) });
  if (!create(path, owner)) {
    const holder = readHolder(path);
    if (holder !== null && (held.has(path) || isAlive(holder))) throw heldFault(runDirectory, holder);
    takeAway(path, holder);
    if (!create(path, owner)) throw heldFault(runDirectory, readHolder(path));
  }
  held.add(path);
  return () => {
    held.delete(path);
    try {
      rmSync(path, { force: true });
    } catch {
      // The disk cannot be written any more: why is told elsewhere, and the lock of a dead process binds nobody.
    }
  };
}

interface Holder {
  pid: number;
  host: string;
  /** When the process began, as its machine counts: after a restart of the machine another may have its number. */
  started?: string | null;
}

/** A link puts the lock there with its content, so that nobody finds it empty while it is made. */
function create(path: string, owner: string): boolean {
  const prepared = temporaryName(path);
  rmSync(prepared, { force: true });
  try {
    writeFileSync(prepared, owner, { flag: "wx" });
    linkSync(prepared, path);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    if (NO_LINKS.has(errorCode(error) ?? "")) return createPlain(path, owner);
    throw error;
  } finally {
    rmSync(prepared, { force: true });
  }
}

/** Some file systems have no links. */
const NO_LINKS: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

function createPlain(path: string, owner: string): boolean {
  try {
    writeFileSync(path, owner, { flag: "wx" });
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** Takes the lock of a dead run away. It is moved first: another that takes it over at the same time may have put its own there by now. */
function takeAway(path: string, seen: Holder | null): void {
  const aside = `${temporaryName(path)}.dead`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return;
    throw error;
  }
  if (JSON.stringify(readHolder(aside)) !== JSON.stringify(seen)) renameSync(aside, path);
  else rmSync(aside, { force: true });
}

function readHolder(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Holder;
  } catch {
    return null;
  }
}

/** A process of another machine is taken to live: nothing here can tell. */
function isAlive({ pid, host, started }: Holder): boolean {
  if (host !== hostname()) return true;
  const known = startOf(pid);
  if (known !== null && typeof started === "string" && known !== started) return false;
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

/** When a process began, in ticks since the machine did; null where the system does not tell, or there is no such process. */
function startOf(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name before it, in brackets, may hold blanks and brackets.
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
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
