import { Fault } from "../../faults/fault.ts";
import type { Task } from "../../task/messages.ts";

/** A file that a worker dies of twice is left out; a task that dies this often between files is given up. */
const DEATHS_PER_FILE = 2;
const DEATHS_BETWEEN_FILES = 3;

/** Remembers of what the workers of one task died, and which files to leave out of the next try. */
export class CrashLedger {
  readonly #task: Task;
  readonly #deaths = new Map<string, number>();
  #deathsBetweenFiles = 0;
  /** Files of the task that have been told of as done: they are not told of again. */
  reported = 0;
  /** Tries that ended in a death. */
  deaths = 0;

  constructor(task: Task) {
    this.#task = task;
  }

  /** The task as it is to be tried. */
  task(): Task {
    const fatal = [...this.#deaths].filter(([, deaths]) => deaths >= DEATHS_PER_FILE).map(([path]) => path);
    return fatal.length === 0 ? this.#task : { ...this.#task, fatalFiles: fatal };
  }

  /** So many files of the task have been told of as done. */
  noteTold(files: number): void {
    this.reported = Math.max(this.reported, files);
  }

  /** Notes a death after `filesDone` files of this try, and says what it means. @throws Fault WORKER_CRASHED if no file is to blame */
  noteDeath(filesDone: number, reason: string): string {
    this.deaths++;
    this.noteTold(filesDone);
    const file = this.#task.files[filesDone]?.path;
    if (file === undefined || this.#deaths.get(file) === DEATHS_PER_FILE) return this.#noteDeathBetweenFiles(reason);
    const deaths = (this.#deaths.get(file) ?? 0) + 1;
    this.#deaths.set(file, deaths);
    return `a worker died while it had ${file} (${reason}); ${deaths < DEATHS_PER_FILE ? "the file is tried again" : "the file is left out"}`;
  }

  #noteDeathBetweenFiles(reason: string): string {
    this.#deathsBetweenFiles++;
    if (this.#deathsBetweenFiles < DEATHS_BETWEEN_FILES)
      return `a worker died after its files were scored (${reason}); the task is tried again`;
    throw new Fault({
      code: "WORKER_CRASHED",
      found: `workers that died ${DEATHS_BETWEEN_FILES} times of no file (${reason})`,
      expected: "workers that write their part",
      hint: "Is there memory and disk enough? Use fewer workers, or look into the log.",
    });
  }
}
