import { cpus, totalmem } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { usableCores } from "../io/usable-cores.ts";

/** The machine, as far as it matters. */
export interface Machine {
  cpu: string;
  /** Cores that this process may use. */
  cores: number;
  memoryBytes: number;
}

/** What this process runs on. */
export function describeMachine(): Machine {
  return { cpu: cpus()[0]?.model.trim() ?? "unknown", cores: usableCores(), memoryBytes: totalmem() };
}

const LOOK_MS = 500;

/** How many cores are busy while this process waits: what other programs take. */
export async function busyCores(): Promise<number> {
  const before = busySeconds();
  const begun = performance.now();
  await sleep(LOOK_MS);
  return Math.max(0, ((busySeconds() - before) * 1000) / (performance.now() - begun));
}

function busySeconds(): number {
  return cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0) / 1000;
}
