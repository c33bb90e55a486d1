import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { Fault } from "../faults/fault.ts";
import { joinPlace, nameOf } from "../io/storage/address.ts";
import { type Storage, storageOf } from "../io/storage/storage.ts";
import { type Holder, isAlive, ownHolder } from "./lock-file.ts";

/** Holders write their lock anew so often. */
const RENEW_EVERY_MS = 15_000;
/** One that has not been written anew for so long is that of a process that is dead, or cut off from the store. */
const PATIENCE_MS = 60_000;

/** How the lock of a run folder in a store is taken. */
export interface ObjectLockOptions {
  /** As in `LockOptions`. */
  share?: string | undefined;
  patienceMs?: number | undefined;
  renewEveryMs?: number;
  /** Called when another process has taken the folder over: this one was cut off from the store, or did not run, for too long. */
  onLost?: (() => void) | undefined;
}

interface LockContent extends Holder {
  /** Tells the locks of two runs apart. */
  nonce: string;
  /** Grows each time the lock is written, so that others see it change. */
  beat: number;
}

interface Found {
  path: string;
  number: number;
}

/**
 * The lock of a run folder in an object store: an object that is made only where none is, and written anew now and then. Who takes over a
 * lock that no longer changes makes one of the next number, which only one can; the highest number counts. No clock is read, and nothing
 * but the making of new objects need be exclusive. @throws Fault USAGE if another run has it
 */
export async function lockObjects(runDirectory: string, options: ObjectLockOptions = {}): Promise<() => Promise<void>> {
  const own = new ObjectLock(runDirectory, await storageOf(runDirectory), options);
  await own.take();
  try {
    // Each puts its own lock there before it looks for the other's, so that of two at once one at least sees the other.
    await own.expectNoOther();
  } catch (error) {
    await own.release();
    throw error;
  }
  return () => own.release();
}

/** Locks that this process itself has. */
const held = new Set<string>();

/** Names of locks: `lock.<number>` of who has the folder alone, `locks/<share>.<number>` of sharers. */
const NUMBERED = /^(.+)\.(\d+)$/s;

class ObjectLock {
  readonly #runDirectory: string;
  readonly #storage: Storage;
  readonly #options: ObjectLockOptions;
  readonly #content: LockContent = { ...ownHolder(), nonce: randomBytes(8).toString("hex"), beat: 0 };
  #path = "";
  #timer: NodeJS.Timeout | undefined;
  #renewing = Promise.resolve();

  constructor(runDirectory: string, storage: Storage, options: ObjectLockOptions) {
    this.#runDirectory = runDirectory;
    this.#storage = storage;
    this.#options = options;
  }

  async take(): Promise<void> {
    const { share, renewEveryMs = RENEW_EVERY_MS } = this.#options;
    const name = share === undefined ? "lock" : `locks/${share}`;
    const standing = newest(await this.#list(name)).get(nameOf(joinPlace(this.#runDirectory, name)));
    if (standing !== undefined) await this.#expectDead(standing.path);
    this.#path = joinPlace(this.#runDirectory, `${name}.${(standing?.number ?? 0) + 1}`);
    if (!(await this.#create())) throw await heldFault(this.#storage, this.#runDirectory, this.#path);
    held.add(this.#content.nonce);
    if (standing !== undefined) await this.#storage.remove(standing.path);
    // Who was slow may have made a lock of a number that others have left behind.
    const counts = newest(await this.#list(name)).get(nameOf(this.#path).replace(NUMBERED, "$1"));
    if (counts !== undefined && counts.path !== this.#path) {
      await this.release();
      throw await heldFault(this.#storage, this.#runDirectory, counts.path);
    }
    const renew = () => {
      this.#renewing = this.#renew();
    };
    this.#timer = setInterval(renew, renewEveryMs).unref();
  }

  async expectNoOther(): Promise<void> {
    const others = this.#options.share === undefined ? "locks/" : "lock.";
    for (const { path } of newest(await this.#list(others)).values()) {
      await this.#expectDead(path);
      await this.#storage.remove(path);
    }
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    // One that is being written would be there again.
    await this.#renewing;
    held.delete(this.#content.nonce);
    // A store that does not answer any more: why is told elsewhere, and a lock that is not written anew binds nobody for long.
    await this.#storage.remove(this.#path).catch(() => {});
  }

  async #list(start: string): Promise<Found[]> {
    const found: Found[] = [];
    for await (const { path } of this.#storage.list(this.#runDirectory, start)) {
      const number = NUMBERED.exec(nameOf(path))?.[2];
      if (number !== undefined) found.push({ path, number: Number(number) });
    }
    return found;
  }

  /** An answer that was lost on the way may leave a lock that is this process's own. */
  async #create(): Promise<boolean> {
    if (await this.#storage.create(this.#path, JSON.stringify(this.#content))) return true;
    return (await readLock(this.#storage, this.#path))?.nonce === this.#content.nonce;
  }

  async #renew(): Promise<void> {
    try {
      const name = NUMBERED.exec(nameOf(this.#path))![1]!;
      const start = this.#options.share === undefined ? "lock." : `locks/${name}.`;
      if (newest(await this.#list(start)).get(name)?.path !== this.#path) {
        clearInterval(this.#timer);
        this.#options.onLost?.();
        return;
      }
      this.#content.beat++;
      await this.#storage.write(this.#path, JSON.stringify(this.#content));
    } catch {
      // It is tried again; who cannot reach the store for a minute may lose the folder, and is told then.
    }
  }

  /** @throws Fault USAGE where the holder lives */
  async #expectDead(path: string): Promise<void> {
    const holder = await readLock(this.#storage, path);
    const lives = holder === null ? null : held.has(holder.nonce) || isAlive(holder);
    if (lives === true || (lives === null && (await this.#changes(path))))
      throw await heldFault(this.#storage, this.#runDirectory, path);
  }

  /** Watches a lock for a sign of life. Only whether it changes is looked at: clocks need not agree. */
  async #changes(path: string): Promise<boolean> {
    const patienceMs = this.#options.patienceMs ?? PATIENCE_MS;
    const first = await readLock(this.#storage, path);
    for (let waited = 0; waited < patienceMs; waited += patienceMs / 12) {
      await pause(patienceMs / 12);
      const now = await readLock(this.#storage, path);
      if (now === null) return false;
      if (now.beat !== first?.beat || now.nonce !== first.nonce) return true;
    }
    return false;
  }
}

/** Of the locks of each name the one that counts. */
function newest(locks: readonly Found[]): Map<string, Found> {
  const found = new Map<string, Found>();
  for (const lock of locks) {
    const name = NUMBERED.exec(nameOf(lock.path))![1]!;
    if (lock.number > (found.get(name)?.number ?? 0)) found.set(name, lock);
  }
  return found;
}

async function readLock(storage: Storage, path: string): Promise<LockContent | null> {
  try {
    return JSON.parse(new TextDecoder().decode(await storage.read(path))) as LockContent;
  } catch (error) {
    if (error instanceof Fault && error.code !== "FILE_MISSING") throw error;
    return null;
  }
}

async function heldFault(storage: Storage, runDirectory: string, path: string): Promise<Fault> {
  const holder = await readLock(storage, path).catch(() => null);
  return new Fault({
    code: "USAGE",
    path: runDirectory,
    found: `a run that is under way (process ${holder?.pid ?? "?"} on ${holder?.host ?? "?"})`,
    expected: "one run at a time for each output",
    hint: "Wait for it, or choose another --output. The lock of a process that is dead is taken over within a minute.",
  });
}
