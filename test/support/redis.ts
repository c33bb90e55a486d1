import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { scratch } from "./run.ts";

const LAUNCHER = new URL("../../bin/flightbatch", import.meta.url).pathname;

/** So that a dead worker's tasks come back within seconds. */
export const QUICK = { FLIGHTBATCH_QUEUE_LOCK_SECONDS: "2" };

/** A port of this machine that nobody has. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** A Redis of a test's own. */
export class TestRedis {
  readonly folder: string;
  readonly #args: string[];
  readonly #cliArgs: string[];
  #server: ChildProcess | undefined;

  private constructor(folder: string, args: string[], cliArgs: string[]) {
    this.folder = folder;
    this.#args = args;
    this.#cliArgs = cliArgs;
  }

  /** Starts one on a free port, as docs/cluster.md says; `more` wins. */
  static async start(more: string[] = []): Promise<TestRedis & { port: number; url: string }> {
    const port = await freePort();
    const args = ["--port", String(port), ...safe(), ...more];
    const redis = new TestRedis(scratch(), args, ["-p", String(port)]);
    await redis.begin();
    return Object.assign(redis, { port, url: `redis://127.0.0.1:${port}` });
  }

  /** Starts one with other ways in. */
  static async startWith(args: string[], cliArgs: string[], folder = scratch()): Promise<TestRedis> {
    const redis = new TestRedis(folder, [...safe(), ...args], cliArgs);
    await redis.begin();
    return redis;
  }

  /** Begins, or begins again over the same files. */
  async begin(): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    this.#server = spawn("redis-server", ["--dir", this.folder, "--save", "", ...this.#args], { stdio: "ignore" });
    this.#server.on("error", () => {});
    for (let tries = 0; !(await this.cli("ping").catch(() => "")).includes("PONG"); tries++) {
      if (tries > 200) throw new Error("redis-server does not start: apt-get install redis-server");
      await sleep(25);
    }
  }

  /** What `redis-cli` answers. */
  async cli(...command: string[]): Promise<string> {
    return (await promisify(execFile)("redis-cli", [...this.#cliArgs, ...command])).stdout;
  }

  /** Ends at once. */
  async kill(): Promise<void> {
    const server = this.#server;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGKILL");
    await ended;
  }
}

function safe(): string[] {
  const persistent = ["--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction"];
  return ["--bind", "127.0.0.1", ...persistent, "--daemonize", "no"];
}

/** A `flightbatch worker` that runs. */
export interface StartedWorker {
  process: ChildProcess;
  /** What it has said so far. */
  said: () => string;
  ended: Promise<number | null>;
}

/** Starts one as a user does. */
export function startWorker(
  engine: string,
  {
    workers = 1,
    more = [],
    env = {},
    prefix = [],
  }: Partial<Record<"more" | "prefix", string[]>> & { workers?: number; env?: Record<string, string> } = {},
): StartedWorker {
  const own = [process.execPath, LAUNCHER, "worker", "--engine", engine, "--workers", String(workers), ...more];
  const [command, ...args] = [...prefix, ...own] as [string, ...string[]];
  const child = spawn(command, args, { env: { ...process.env, ...QUICK, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      text += chunk;
    });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { process: child, said: () => text, ended };
}

/** Ends workers at once and waits for it. */
export async function killWorkers(workers: readonly StartedWorker[]): Promise<void> {
  for (const { process } of workers) process.kill("SIGKILL");
  await Promise.all(workers.map(({ ended }) => ended));
}

/** Waits until something holds. */
export async function until(holds: () => boolean | Promise<boolean>, what: string, withinMs = 60_000): Promise<void> {
  for (const begun = performance.now(); !(await holds()); await sleep(20))
    if (performance.now() - begun > withinMs) throw new Error(`waited in vain for ${what}`);
}
