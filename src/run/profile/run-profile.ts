import { type ProcessClock, processClock } from "../../io/process-clock.ts";
import type { FileDone, Task, TaskReport } from "../../task/messages.ts";
import type { MemorySampler } from "../memory-sampler.ts";
import { Thinned } from "./thinned.ts";
import { type TraceEvent, Track } from "./trace-events.ts";
import { TraceFile } from "./trace-file.ts";
import { WorkerTracks } from "./worker-tracks.ts";

/** A trace of more events than this is slow to open: of more files only every so many-th is shown. About 25 MB. */
const MOST_EVENTS = 200_000;
/** A task with its part; a file with its four stages. */
const EVENTS_PER_TASK = 2;
const EVENTS_PER_FILE = 5;
const MOST_SAMPLES = 4096;

/** What the coordinator does, one after the other. */
export type RunPhase = "read bundle" | "plan" | "run tasks" | "merge parts" | "write reports";

/** Writes a trace of a run: what each process did when, for chrome://tracing and Perfetto. */
export class RunProfile {
  readonly #file: TraceFile;
  readonly #mostEvents: number;
  readonly #clock: ProcessClock = processClock();
  readonly #own = new Track(1, 0);
  readonly #workers = new WorkerTracks(this.#clock);
  readonly #samples = new Thinned<{ at: number; bytes: number; files: number; windows: number }>(MOST_SAMPLES);
  readonly #done = { files: 0, windows: 0 };
  readonly #about: Record<string, string | number> = { made_by: "flightbatch run --profile" };
  readonly #phases: TraceEvent[] = [];
  #phase: { name: string; beginMs: number } = { name: "load flightbatch", beginMs: 0 };

  /** `sampler` is what tells of the memory. @throws Fault OUTPUT_UNWRITABLE */
  constructor(path: string, sampler: MemorySampler, mostEvents = MOST_EVENTS) {
    this.#file = new TraceFile(path, mostEvents);
    this.#mostEvents = mostEvents;
    const bootedMs = performance.nodeTiming.bootstrapComplete;
    this.#file.add([...this.#own.names("coordinator"), this.#own.span("start Node", [0, bootedMs], { cat: "start" })]);
    this.#phase.beginMs = bootedMs;
    sampler.onSample = (bytes) => this.#samples.add({ at: performance.now(), bytes, ...this.#done });
  }

  /** The coordinator goes on to its next phase. */
  enter(phase: RunPhase): void {
    this.#endPhase();
    this.#phase = { name: phase, beginMs: performance.now() };
  }

  /** How the tasks are to note what they do: of so many files not each can be shown. */
  traceOptions(tasks: readonly Task[]): { every: number } {
    const files = tasks.reduce((sum, task) => sum + task.files.length, 0);
    const every = Math.max(1, Math.ceil((EVENTS_PER_FILE * files + EVENTS_PER_TASK * tasks.length) / this.#mostEvents));
    if (every > 1)
      this.#note(`of ${files} files about every ${every}th is shown, tasks without any of these not at all`);
    return { every };
  }

  fileDone({ windows }: FileDone): void {
    this.#done.files++;
    this.#done.windows += windows;
  }

  /** Shows a task that is done. Returns its report without the trace. */
  taskDone({ trace, ...report }: TaskReport): TaskReport {
    if (trace !== undefined) this.#file.add(this.#workers.events(report, trace));
    return report;
  }

  workerDied(message: string): void {
    this.#file.add([this.#own.instant("a worker died", performance.now(), { message })]);
  }

  /** Puts the trace in its place. Returns why it could not, or null. */
  end(): string | null {
    this.#endPhase();
    if (this.#file.dropped > 0) this.#note(`${this.#file.dropped} events beyond ${this.#mostEvents} are left out`);
    const counters = this.#samples.samples.flatMap(({ at, bytes, files, windows }) => [
      this.#own.counter("memory of all processes", at, { MB: Math.round(bytes / 1e5) / 10 }),
      this.#own.counter("files done", at, { files }),
      this.#own.counter("windows done", at, { windows }),
    ]);
    this.#file.finish([...this.#phases, ...counters], this.#about);
    return this.#file.failure;
  }

  /** Leaves no trace. */
  abandon(): void {
    this.#file.abandon();
  }

  #endPhase(): void {
    const { name, beginMs } = this.#phase;
    this.#phases.push(this.#own.span(name, [beginMs, performance.now()], { cat: "run" }));
  }

  #note(text: string): void {
    this.#about.note = this.#about.note === undefined ? text : `${this.#about.note}; ${text}`;
    this.#phases.push(this.#own.instant(`note: ${text}`, performance.now()));
  }
}
