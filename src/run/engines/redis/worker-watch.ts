import { Fault } from "../../../faults/fault.ts";
import { printable } from "../../../model/printable.ts";
import type { Present } from "./run-board.ts";
import type { WorkerReport } from "./worker-report.ts";

/** What a run's coordinator makes of the workers that there are: a line for each thing that its user should know, once. */
export class WorkerWatch {
  readonly #run: string;
  readonly #tell: (message: string) => void;
  /** So long nobody may be there, or all refuse, before something is said or done about it, milliseconds. */
  readonly #graceMs: number;
  readonly #told = new Set<string>();
  #seen = new Map<string, WorkerReport>();
  #aloneSince = performance.now();
  #refusedSince: number | null = null;

  constructor({ run, graceMs, tell }: { run: string; graceMs: number; tell: (message: string) => void }) {
    this.#run = run;
    this.#graceMs = graceMs;
    this.#tell = tell;
  }

  /** Takes in who is there. @throws Fault ENGINE_UNAVAILABLE if all of them have refused the run for a while */
  look(present: readonly Present<WorkerReport>[]): void {
    const workers = new Map(present.map(({ id, says }) => [id, says]));
    this.#missing(workers);
    this.#seen = workers;
    for (const worker of workers.values()) {
      for (const remark of worker.remarks[this.#run] ?? [])
        this.#once(`worker ${nameOf(worker)}: ${printable(remark, 300)}`);
      if (this.#refusal(worker) !== undefined)
        this.#once(`worker ${nameOf(worker)} refuses the run: ${this.#refusal(worker)}`);
    }
    const able = [...workers.values()].filter(({ isDraining }) => !isDraining);
    if (able.length > 0) this.#aloneSince = performance.now();
    else if (performance.now() - this.#aloneSince > this.#graceMs)
      this.#once(
        "no worker is there yet: start `flightbatch worker` with the same --engine, here or on other machines",
      );
    this.#judge(able);
  }

  #judge(able: readonly WorkerReport[]): void {
    const refusing = able.filter((worker) => this.#refusal(worker) !== undefined);
    if (able.length === 0 || refusing.length < able.length) {
      this.#refusedSince = null;
      return;
    }
    this.#refusedSince ??= performance.now();
    if (performance.now() - this.#refusedSince < this.#graceMs) return;
    throw new Fault({
      code: "ENGINE_UNAVAILABLE",
      found:
        refusing.length === 1
          ? "one worker, which refuses this run"
          : `${refusing.length} workers, all of which refuse this run`,
      expected: "a worker with the plan's flightbatch, ONNX Runtime and model bundle",
      hint: "Put that right on the workers and give the same command again: what is done is kept, the rest waits in the queue.",
      items: refusing.map((worker) => `${nameOf(worker)}: ${this.#refusal(worker)}`),
    });
  }

  #missing(workers: ReadonlyMap<string, WorkerReport>): void {
    for (const [id, worker] of this.#seen)
      if (!workers.has(id) && !worker.isDraining && worker.tasks.some(({ run }) => run === this.#run))
        this.#tell(`worker ${nameOf(worker)} gives no sign any more; its tasks go to others`);
  }

  #refusal({ refusals }: WorkerReport): string | undefined {
    const why = refusals[this.#run];
    return why === undefined ? undefined : printable(why, 300);
  }

  #once(message: string): void {
    if (this.#told.has(message)) return;
    this.#told.add(message);
    this.#tell(message);
  }
}

function nameOf({ host, pid }: WorkerReport): string {
  return `${printable(host, 80)} (process ${pid})`;
}
