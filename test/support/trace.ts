/** An event of a trace, as it stands in the file. */
export interface WrittenEvent {
  ph: string;
  pid: number;
  tid: number;
  name: string;
  ts?: number;
  dur?: number;
  cat?: string;
  s?: string;
  args?: Record<string, unknown>;
}

/** What every event of a phase has to have by the trace event format. */
const REQUIRED: Record<string, string[]> = {
  M: ["name", "pid", "tid", "args"],
  X: ["name", "cat", "pid", "tid", "ts", "dur"],
  i: ["name", "cat", "pid", "tid", "ts", "s"],
  C: ["name", "pid", "tid", "ts", "args"],
};

/** What is wrong with the events by the format's rules: fields, kinds of values, and spans of a thread that are not within one another. */
export function traceFaults(events: readonly WrittenEvent[]): string[] {
  return [...events.flatMap(fieldFaults), ...nestingFaults(events)];
}

function fieldFaults(event: WrittenEvent): string[] {
  const required = REQUIRED[event.ph];
  if (required === undefined) return [`phase ${event.ph}`];
  const missing = required.filter((field) => !(field in event)).map((field) => `${event.name}: no ${field}`);
  const numbers = [event.pid, event.tid, event.ts ?? 0, event.dur ?? 0];
  const wrong = numbers.some((n) => !Number.isFinite(n) || n < 0) ? [`${event.name}: ${numbers}`] : [];
  const counted = event.ph !== "C" || Object.values(event.args!).every((value) => typeof value === "number");
  return [...missing, ...wrong, ...(counted ? [] : [`${event.name}: values that are no numbers`])];
}

/** Spans of a thread in their order in the file: each begins no sooner than the one before, and lies within or behind it. */
function nestingFaults(events: readonly WrittenEvent[]): string[] {
  const faults: string[] = [];
  const open = new Map<string, { name: string; end: number }[]>();
  const last = new Map<string, number>();
  for (const { pid, tid, name, ts, dur } of events.filter(({ ph }) => ph === "X")) {
    const thread = `${pid}.${tid}`;
    if (ts! < (last.get(thread) ?? 0)) faults.push(`${name} begins before the span before it`);
    last.set(thread, ts!);
    const stack = open.get(thread) ?? [];
    // Times have three decimals.
    while (stack.length > 0 && stack[stack.length - 1]!.end <= ts! + 0.0005) stack.pop();
    const around = stack[stack.length - 1];
    const end = ts! + dur!;
    if (around !== undefined && end > around.end + 0.002) faults.push(`${name} ends behind ${around.name} around it`);
    open.set(thread, [...stack, { name, end }]);
  }
  return faults;
}

/** Milliseconds of all spans of a name together. */
export function spentMs(events: readonly WrittenEvent[], name: string): number {
  return events
    .filter((event) => event.ph === "X" && event.name === name)
    .reduce((sum, { dur }) => sum + dur! / 1000, 0);
}
