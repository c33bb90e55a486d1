import { readFileSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { hostname } from "node:os";
import { createFileAtomic, temporaryName } from "../io/atomic-write.ts";
import { errorCode } from "../io/file-fault.ts";

/** The process that has a lock. */
export interface Holder {
  pid: number;
  host: string;
  /** When the process began, as its machine counts: after a restart of the machine another may have its number. */
  started?: string | null;
}

/** This process as a holder. */
export function ownHolder(): Holder {
  return { pid: process.pid, host: hostname(), started: startOf(process.pid) };
}

/** Puts this process's lock there, whole; false if there is one. */
export function createLock(path: string): boolean {
  return createFileAtomic(path, JSON.stringify(ownHolder()));
}

/** Takes the lock of a dead run away. It is moved first: another that takes it over at the same time may have put its own there by now. */
export function takeAwayLock(path: string, seen: Holder | null): void {
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

/** Who has the lock; null if there is none, or nothing of use in it. */
export function readHolder(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Holder;
  } catch {
    return null;
  }
}

/** Whether a holder lives; of one on another machine nothing here can tell: null. */
export function isAlive({ pid, host, started }: Holder): boolean | null {
  if (host !== hostname()) return null;
  const known = startOf(pid);
  if (known !== null && typeof started === "string" && known !== started) return false;
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

/** Shows that the holder lives, also to other machines. */
export function touchLock(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // Taken away, or a disk that does not answer: either way the next to come decides.
  }
}

/** Something that changes with each {@link touchLock}, whatever clocks say; null if the lock is gone. */
export function touchOf(path: string): string | null {
  try {
    const { mtimeNs, ino } = statSync(path, { bigint: true });
    return `${mtimeNs}:${ino}`;
  } catch {
    return null;
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
