import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { LocalWorkerProcess } from "../../dist/run/engines/local-worker-process.js";
import { childrenOf, isAlive } from "../support/fault-run.ts";

it.each(["close", "replace"] as const)(
  "a process that was killed while it had nothing to do keeps nobody waiting: %s",
  async (end) => {
    const before = new Set(childrenOf(process.pid));
    const worker = new LocalWorkerProcess();
    const [pid] = childrenOf(process.pid).filter((child) => !before.has(child));
    process.kill(pid!, "SIGKILL");
    while (isAlive(pid!)) await sleep(10);
    await sleep(100);
    const begun = performance.now();
    await worker[end]();
    expect(performance.now() - begun).toBeLessThan(4000);
    await worker.close();
    expect(childrenOf(process.pid).filter((child) => !before.has(child) && isAlive(child))).toEqual([]);
  },
  10_000,
);
