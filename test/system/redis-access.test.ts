import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { childrenOf, makeFleet, type RunSpec, rowsOf, runToEnd, startRun } from "../support/fault-run.ts";
import { freePort, killWorkers, QUICK, startWorker, TestRedis, until } from "../support/redis.ts";
import { run, scratch } from "../support/run.ts";

const SECRET = "s3cret-w0rd";
const base = scratch();
const data = join(base, "fleet");
let wanted = "";
let n = 0;

function spec(engine: string, env: Record<string, string> = {}): RunSpec {
  return {
    data: [data],
    output: join(base, `out/${n++}.parquet`),
    more: ["--engine", engine],
    env: { ...QUICK, ...env },
  };
}

beforeAll(async () => {
  makeFleet(data, 6);
  const local = { data: [data], output: join(base, "local.parquet") };
  expect((await runToEnd(local)).code).toBe(0);
  wanted = await rowsOf(local.output);
});

describe("by TLS, with an ACL user that may do no more than it must", () => {
  const folder = scratch();
  const socket = join(folder, "r.sock");
  let redis: TestRedis;
  let port = 0;
  beforeAll(async () => {
    port = await freePort();
    const [cert, key] = [join(folder, "c.pem"), join(folder, "k.pem")];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    execFileSync(
      "openssl",
      ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", cert, ...subject],
      { stdio: "ignore" },
    );
    writeFileSync(
      join(folder, "users.acl"),
      `user default on nopass ~* &* +@all\nuser scorer on >${SECRET} ~flt:* &* +@all -@dangerous +info +keys +config|get\n`,
    );
    const tls = [
      "--tls-cert-file",
      cert,
      "--tls-key-file",
      key,
      "--tls-ca-cert-file",
      cert,
      "--tls-auth-clients",
      "no",
    ];
    const ways = [
      "--port",
      "0",
      "--tls-port",
      String(port),
      ...tls,
      "--unixsocket",
      socket,
      "--aclfile",
      join(folder, "users.acl"),
    ];
    redis = await TestRedis.startWith(ways, ["-s", socket], folder);
  });
  afterAll(() => redis.kill());

  const secret = { FLIGHTBATCH_REDIS_PASSWORD: SECRET, FLIGHTBATCH_REDIS_CA: join(folder, "c.pem") };

  async function runsThrough(engine: string, env: Record<string, string>): Promise<void> {
    const worker = startWorker(engine, { env });
    try {
      const own = spec(engine, env);
      const started = startRun(own);
      await until(() => worker.said().includes("taking tasks"), "a worker at work");
      const lines = [started.process.pid!, worker.process.pid!]
        .flatMap((pid) => [pid, ...childrenOf(pid)])
        .map((pid) => execFileSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" }).trim());
      const { code, stdout, stderr } = await started.done;
      expect(code, stderr + worker.said()).toBe(0);
      expect(await rowsOf(own.output)).toBe(wanted);
      const status = await runWith(["status", "--engine", engine], env);
      expect(status.stdout).toContain("done, 100.0%");
      // The password is in no line, file or key.
      const files = readdirSync(base, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      const texts = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), "latin1"));
      const all = [...lines, stdout, stderr, worker.said(), status.stdout, ...texts];
      expect(all.filter((text) => text.includes(SECRET))).toEqual([]);
    } finally {
      await killWorkers([worker]);
    }
  }

  it("a run goes through", () => runsThrough(`rediss://scorer@localhost:${port}`, secret));

  it("and by its unix socket, with the address in the environment", () =>
    runsThrough("redis", { FLIGHTBATCH_REDIS_URL: `redis+unix://scorer:${SECRET}@${socket}` }));

  it.each([
    [
      "a wrong password",
      () => `unix:scorer@${socket}`,
      { FLIGHTBATCH_REDIS_PASSWORD: "wrong-one" },
      "does not let us in",
    ],
    [
      "a certificate that nobody vouches for",
      () => `rediss://scorer@localhost:${port}`,
      { FLIGHTBATCH_REDIS_PASSWORD: SECRET },
      "self-signed",
    ],
  ])("%s ends run, worker and status with 2 and a word", async (_, address, env, word) => {
    const engine = address();
    const worker = startWorker(engine, { env });
    const ended = [{ code: await worker.ended, text: worker.said() }];
    const started = await runToEnd(spec(engine, env));
    ended.push({ code: started.code, text: started.stderr });
    const status = await runWith(["status", "--engine", engine], env);
    ended.push({ code: status.code, text: status.stderr });
    for (const { code, text } of ended) {
      expect(code, text).toBe(2);
      expect(text).toContain(word);
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain("wrong-one");
    }
  });

  async function runWith(args: string[], env: Record<string, string>) {
    const before = { ...process.env };
    Object.assign(process.env, env);
    try {
      return await run(args);
    } finally {
      for (const name of Object.keys(env)) delete process.env[name];
      Object.assign(process.env, before);
    }
  }
});

it("a password on the command line is refused, and not repeated", async () => {
  mkdirSync(join(base, "cwd"), { recursive: true });
  const engine = `redis://scorer:${SECRET}@127.0.0.1:6379`;
  for (const args of [["status"], ["worker"], ["run", "--model", "m", "--data", "d", "--output", "o"]]) {
    const { code, stdout, stderr } = await run([...args, "--engine", engine], { cwd: join(base, "cwd") });
    expect(code).toBe(2);
    expect(stderr).toContain("FLIGHTBATCH_REDIS_PASSWORD");
    expect(stdout + stderr).not.toContain(SECRET);
  }
  expect(readFileSync(join(base, "cwd/logs/batch_inference.log"), "latin1")).not.toContain(SECRET);
});

it("a Redis that is not there is told of within seconds", async () => {
  const engine = `redis://127.0.0.1:${await freePort()}`;
  const begun = performance.now();
  const { code, stderr } = await run(["status", "--engine", engine]);
  expect(code).toBe(2);
  expect(stderr).toContain("no Redis that answers");
  expect(performance.now() - begun).toBeLessThan(30_000);
});
