import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Fault } from "../faults/fault.ts";
import { isRemote } from "../io/storage/address.ts";
import { createLock, type Holder, isAlive, readHolder, takeAwayLock, touchLock, touchOf } from "./lock-file.ts";

/** How a lock is taken. */
export interface LockOptions {
  /**
   * Name under which the run folder is shared with others of other names, such as a shard's; left out: it is this process's alone. Nobody
   * has it alone while somebody shares it, and the other way round.
   */
  share?: string;
  /** How long the lock of a sharer on another machine is watched for a sign of life, milliseconds; longer than {@link TOUCH_EVERY_MS}. */
  patienceMs?: number;
  /** In a store: called when another process has taken the folder over. */
  onLost?: () => void;
}

/** Sharers show that they live. */
export const TOUCH_EVERY_MS = 5000;
const PATIENCE_MS = 20_000;

/** Run folders that this process itself has. */
const held = new Set<string>();

/**
 * Makes the run folder this process's until the returned function is called: two runs of one output would take each other's parts
 * away. The lock of a process that is dead is taken over. Of processes on other machines only sharers can be told to be dead, by their
 * silence; one that has the folder alone may be at its long merge. @throws Fault USAGE if another run has it
 */
export async function lockRun(runDirectory: string, options: LockOptions = {}): Promise<() => void | Promise<void>> {
  if (isRemote(runDirectory)) return (await import("./object-lock.ts")).lockObjects(runDirectory, options);
  const { share, patienceMs } = options;
  const { path, isShared } = place(runDirectory, share);
  mkdirSync(isShared ? join(runDirectory, SHARERS) : runDirectory, { recursive: true });
  const look = { runDirectory, patienceMs: patienceMs ?? PATIENCE_MS };
  if (!createLock(path)) {
    await expectDead(path, { ...look, isShared });
    if (!createLock(path)) throw heldFault(runDirectory, path);
  }
  held.add(path);
  const touching = isShared ? setInterval(touchLock, TOUCH_EVERY_MS, path).unref() : undefined;
  const unlock = () => {
    clearInterval(touching);
    held.delete(path);
    try {
      rmSync(path, { force: true });
    } catch {
      // The disk cannot be written any more: why is told elsewhere, and the lock of a dead process binds nobody.
    }
  };
  try {
    // Each puts its own lock there before it looks for the other's, so that of two at once one at least sees the other.
    await expectNoOther(isShared, look);
    return unlock;
  } catch (error) {
    unlock();
    throw error;
  }
}

const SHARERS = "locks";

function place(runDirectory: string, share: string | undefined): { path: string; isShared: boolean } {
  return share === undefined
    ? { path: join(runDirectory, "lock"), isShared: false }
    : { path: join(runDirectory, SHARERS, `${share}.lock`), isShared: true };
}

interface Look {
  runDirectory: string;
  patienceMs: number;
}

async function expectNoOther(isShared: boolean, look: Look): Promise<void> {
  const sharers = join(look.runDirectory, SHARERS);
  const names =
    isShared || !existsSync(sharers) ? [] : readdirSync(sharers).filter((name) => /^[^.].*\.lock$/.test(name));
  const others = isShared ? [place(look.runDirectory, undefined).path] : names.map((name) => join(sharers, name));
  for (const other of others) if (existsSync(other)) await expectDead(other, { ...look, isShared: !isShared });
}

/** Takes a lock away whose holder is dead. @throws Fault USAGE where it is not, or may not be */
async function expectDead(
  path: string,
  { runDirectory, isShared, patienceMs }: Look & { isShared: boolean },
): Promise<void> {
  const holder = readHolder(path);
  const lives = holder !== null && (held.has(path) || isAlive(holder));
  if (lives === true) throw heldFault(runDirectory, path);
  if (lives === null && (!isShared || (await isTouched(path, patienceMs)))) throw heldFault(runDirectory, path);
  takeAwayLock(path, holder);
}

/** Watches a lock. Only whether its time changes is looked at: the clocks of two machines need not agree. */
async function isTouched(path: string, patienceMs: number): Promise<boolean> {
  const first = touchOf(path);
  for (let waited = 0; waited < patienceMs && first !== null; waited += patienceMs / 20) {
    await pause(patienceMs / 20);
    if (touchOf(path) !== first) return touchOf(path) !== null;
  }
  return false;
}

function heldFault(runDirectory: string, lock: string): Fault {
  const holder: Holder | null = readHolder(lock);
  return new Fault({
    code: "USAGE",
    path: runDirectory,
    found: `a run that is under way (process ${holder?.pid ?? "?"} on ${holder?.host ?? "?"})`,
    expected: "one run at a time for each output",
    hint: `Wait for it, choose another --output, or remove ${lock} if that process is gone.`,
  });
}
