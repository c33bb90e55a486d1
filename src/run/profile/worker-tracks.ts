import { basename } from "node:path";
import { offsetBetween, type ProcessClock } from "../../io/process-clock.ts";
import type { FileReport } from "../../results/reports.ts";
import type { StageTimes, TaskReport } from "../../task/messages.ts";
import { type Span, STAGES, type TaskTrace } from "../../task/task-trace.ts";
import { type TraceEvent, Track } from "./trace-events.ts";

/** What the stages are called in a trace. */
const STAGE_NAMES: Record<keyof StageTimes, string> = {
  read: "read",
  decode: "decode",
  compute: "features",
  infer: "inference",
  write: "write part",
};

/** The tracks of the workers, each process its own, on the axis of the coordinator's clock. */
export class WorkerTracks {
  readonly #own: ProcessClock;
  readonly #tracks = new Map<string, Track>();

  /** `own`: the clock of the coordinator, whose track is the first. */
  constructor(own: ProcessClock) {
    this.#own = own;
  }

  /** All that is to be shown of a task: nothing where none of its files is. */
  events(report: TaskReport, trace: TaskTrace): TraceEvent[] {
    if (!trace.spans.some(([file]) => file >= 0)) return [];
    const key = `${trace.clock.machine} ${trace.clock.pid}`;
    const known = this.#tracks.get(key);
    const track = known ?? new Track(this.#tracks.size + 2, offsetBetween(this.#own, trace.clock));
    this.#tracks.set(key, track);
    const events = known === undefined ? this.#start(track, trace) : [];
    const args = { task: report.index, files: report.files.length, windows: report.inference.windows };
    events.push(track.span(`task ${report.index}`, [trace.beginMs, trace.endMs], { cat: "task", args }));
    for (const spans of byFile(trace.spans)) events.push(...fileEvents(track, spans, report.files));
    return events;
  }

  /** How a process came to be ready. */
  #start(track: Track, { clock, worker }: TaskTrace): TraceEvent[] {
    const { bootedMs, readyMs, modelMs } = worker;
    const cat = "start";
    return [
      ...track.names(`worker ${this.#tracks.size} (process ${clock.pid})`),
      track.span("start Node", [0, bootedMs], { cat }),
      track.span("load decoder and runtime", [bootedMs, Math.max(bootedMs, readyMs)], { cat }),
      track.span("open model", modelMs, { cat }),
    ];
  }
}

function fileEvents(track: Track, spans: Span[], files: readonly FileReport[]): TraceEvent[] {
  const stages = spans.map(([, stage, begin, end]) =>
    track.span(STAGE_NAMES[STAGES[stage]!], [begin, end], { cat: "stage" }),
  );
  const file = files[spans[0]![0]];
  if (file === undefined) return stages;
  const args = {
    path: file.path,
    bytes: file.sizeBytes,
    windows: file.flights.reduce((sum, { scored }) => sum + scored, 0),
    failure: file.failure?.code ?? null,
  };
  const whole = [spans[0]![2], spans[spans.length - 1]![3]] as const;
  return [track.span(basename(file.path), whole, { cat: "file", args }), ...stages];
}

/** The spans of each file together, in their order. */
function byFile(spans: readonly Span[]): Span[][] {
  const groups: Span[][] = [];
  for (const span of spans) {
    const last = groups[groups.length - 1];
    if (last !== undefined && last[0]![0] === span[0]) last.push(span);
    else groups.push([span]);
  }
  return groups;
}
