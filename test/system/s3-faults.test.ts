import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { storageOf } from "../../src/io/storage/storage.ts";
import { lockObjects } from "../../src/run/object-lock.ts";
import { type BadProxy, MISDEEDS, type Misdeed, startBadProxy } from "../support/bad-proxy.ts";
import { makeFleet, seededRandom } from "../support/fault-run.ts";
import { detector, digestOfRows, run, scratch } from "../support/run.ts";
import { objectAt, putFolder } from "../support/s3-objects.ts";
import { type S3Server, startS3Server } from "../support/s3-server.ts";
import { leftIn, startStoreRun } from "../support/store-runs.ts";

const FLIGHTS = 8;

let server: S3Server;
let proxy: BadProxy;
/** Digest of the rows of a run on a disk. */
let expected: string;
beforeAll(async () => {
  server = await startS3Server();
  proxy = await startBadProxy(server.port);
  // A second of silence is long for a server of this machine.
  Object.assign(process.env, server.env, { AWS_ENDPOINT_URL_S3: proxy.url, FLIGHTBATCH_S3_TIMEOUT_SECONDS: "1" });
  const fleet = makeFleet(join(scratch(), "fleet"), FLIGHTS);
  await putFolder(fleet, objectAt("fleet"));
  await putFolder(detector("1.0.0"), objectAt("models/detector/1.0.0"));
  const local = join(scratch(), "r.parquet");
  await run(["run", "--model", detector("1.0.0"), "--data", fleet, "--output", local], { cwd: scratch() });
  expected = await digestOfRows(local);
});
afterEach(() => {
  proxy.treat = () => null;
  proxy.seen.length = 0;
});
afterAll(async () => {
  await proxy?.stop();
  await server?.stop();
});

function argumentsOf(name: string, data = objectAt("fleet")): string[] {
  const model = objectAt("models/detector/1.0.0");
  return ["--model", model, "--data", data, "--output", objectAt(name, "r.parquet")];
}

/** That the results are there, whole and the same, each part once, and nothing else left. */
async function expectWhole(name: string): Promise<void> {
  const folder = join(server.folder, name);
  expect(await digestOfRows(join(folder, "r.parquet"))).toBe(expected);
  expect(leftIn(join(folder, "r.run"))).toEqual({ reports: FLIGHTS, files: 2 * FLIGHTS, locks: [] });
}

/** Ill-treats so large a share of the requests. */
function treatSome(share: number, misdeeds: readonly Misdeed[], seed: number): void {
  const random = seededRandom(seed);
  proxy.treat = () => (random() < share ? misdeeds[Math.floor(random() * misdeeds.length)]! : null);
}

describe("a store that ill-treats requests loses, doubles and halves nothing", () => {
  it.each(MISDEEDS)("%s", async (misdeed) => {
    treatSome(misdeed === "stall" || misdeed === "silence" ? 0.05 : 0.2, [misdeed], 7);
    const { code, stderr } = await startStoreRun(argumentsOf(`bad-${misdeed}`)).done;
    expect(stderr).not.toContain("Error:");
    expect(code).toBe(0);
    expect(proxy.seen.filter((request) => request.misdeed === misdeed).length).toBeGreaterThan(2);
    await expectWhole(`bad-${misdeed}`);
  });

  it.each([1, 2])("all of these by chance (%i)", async (seed) => {
    treatSome(0.12, MISDEEDS, seed);
    const { code } = await startStoreRun(argumentsOf(`mixed-${seed}`, objectAt("fleet/*.parquet"))).done;
    expect(code).toBe(0);
    await expectWhole(`mixed-${seed}`);
  });
});

describe("the same command carries on", () => {
  it("after a store that was gone for good in the midst of the run", async () => {
    let reports = 0;
    proxy.treat = ({ method, url }) => {
      if (method === "PUT" && url.includes(".report.json")) reports++;
      return reports > 3 ? "503" : null;
    };
    const failed = await startStoreRun(argumentsOf("gone"), { AWS_MAX_ATTEMPTS: "2" }).done;
    expect(failed.code).toBe(2);
    expect(failed.stderr).toMatch(/a store that does not answer as it should \(503 SlowDown\)/);
    expect(existsSync(join(server.folder, "gone/r.parquet"))).toBe(false);
    proxy.treat = () => null;
    const { code, stderr } = await startStoreRun(argumentsOf("gone")).done;
    expect([code, stderr]).toEqual([0, expect.stringMatching(/Resumed: [1-7] of 8 tasks stand/)]);
    await expectWhole("gone");
  });

  it.each([1, 2, 3])("after it was killed, whenever that was (%i)", async (seed) => {
    const random = seededRandom(seed);
    const name = `killed-${seed}`;
    let kills = 0;
    for (; kills < 12; kills++) {
      const attempt = startStoreRun(argumentsOf(name));
      const after = Math.ceil(random() * 60);
      let puts = 0;
      proxy.treat = ({ method }) => {
        if (method === "PUT" && ++puts === after) attempt.process.kill("SIGKILL");
        return null;
      };
      const { code } = await attempt.done;
      if (code === 0) break;
    }
    await expectWhole(name);
  });

  it("after the merged results were cut off on their way", async () => {
    proxy.treat = ({ method, url }) => (method === "PUT" && /\/r\.parquet\?/.test(url) ? "503" : null);
    const failed = await startStoreRun(argumentsOf("cut"), { AWS_MAX_ATTEMPTS: "2" }).done;
    expect(failed.code).toBe(2);
    expect(existsSync(join(server.folder, "cut/r.parquet"))).toBe(false);
    proxy.treat = () => null;
    expect((await startStoreRun(argumentsOf("cut")).done).code).toBe(0);
    await expectWhole("cut");
  });
});

it("an object that is changed between plan and reading is named, and read anew by the next run", async () => {
  const fleet = makeFleet(join(scratch(), "fleet"), 3);
  await putFolder(fleet, objectAt("changing"));
  const changed = "AC001_20251012_010000.parquet";
  let isChanged = false;
  proxy.treat = async ({ method, url }) => {
    if (method === "GET" && url.includes(`changing/${changed}`) && !isChanged) {
      isChanged = true;
      // Another flight of the very same size.
      const bytes = readFileSync(join(fleet, changed));
      bytes[bytes.length - 20]! ^= 1;
      await (await storageOf(objectAt("x"))).write(objectAt("changing", changed), bytes);
      await (await storageOf(objectAt("x"))).write(objectAt("changing", changed), Buffer.concat([bytes]));
    }
    return null;
  };
  const { code } = await startStoreRun(argumentsOf("changed", objectAt("changing"))).done;
  expect(code).toBe(1);
  const failures = readFileSync(join(server.folder, "changed/r.run/failures.jsonl"), "utf8").trim().split("\n");
  expect(failures.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ code: "FILE_CHANGED", path: objectAt("changing", changed) }),
  ]);
  await (await storageOf(objectAt("x"))).upload(join(fleet, changed), objectAt("changing", changed));
  expect((await startStoreRun(argumentsOf("changed", objectAt("changing"))).done).code).toBe(0);
});

describe("the lock of a run folder in a store", () => {
  const folder = (name: string) => objectAt("locks", name, "r.run");
  const quick = { patienceMs: 600, renewEveryMs: 100 };
  /** The lock of a process on another machine that has died. */
  const leaveDead = async (name: string, lock: string) =>
    (await storageOf(folder(name))).write(
      `${folder(name)}/${lock}`,
      JSON.stringify({ pid: 1, host: "elsewhere", nonce: "n", beat: 3 }),
    );

  it("is one run's at a time, and the next one's after it", async () => {
    const release = await lockObjects(folder("one"), quick);
    await expect(lockObjects(folder("one"), quick)).rejects.toThrow(/a run that is under way \(process \d+ on /);
    await release();
    await (await lockObjects(folder("one"), quick))();
  });

  it("is shared by others of other names, but not while somebody has it alone", async () => {
    const first = await lockObjects(folder("share"), { ...quick, share: "shard-1-of-20" });
    const second = await lockObjects(folder("share"), { ...quick, share: "shard-1-of-2" });
    await expect(lockObjects(folder("share"), { ...quick, share: "shard-1-of-2" })).rejects.toThrow(/under way/);
    await expect(lockObjects(folder("share"), quick)).rejects.toThrow(/under way/);
    await first();
    await second();
    const alone = await lockObjects(folder("share"), quick);
    await expect(lockObjects(folder("share"), { ...quick, share: "shard-1-of-2" })).rejects.toThrow(/under way/);
    await alone();
  });

  it("is taken over by exactly one of many once its holder is silent", async () => {
    await leaveDead("dead", "lock.4");
    const takers = await Promise.allSettled([1, 2, 3, 4].map(() => lockObjects(folder("dead"), quick)));
    const won = takers.filter((taker) => taker.status === "fulfilled");
    expect(won).toHaveLength(1);
    await won[0]!.value();
    await leaveDead("dead", "locks/shard-1-of-2.1");
    await (await lockObjects(folder("dead"), quick))();
  });

  it("is not taken from a holder of another machine that writes it anew", async () => {
    const storage = await storageOf(folder("alive"));
    let beat = 0;
    const renewing = setInterval(() => {
      beat++;
      storage.write(`${folder("alive")}/lock.1`, JSON.stringify({ pid: 1, host: "elsewhere", nonce: "n", beat }));
    }, 100);
    await sleep(300);
    await expect(lockObjects(folder("alive"), quick)).rejects.toThrow(/on elsewhere/);
    clearInterval(renewing);
  });

  it("tells a holder that did not run for too long that it has lost it", async () => {
    let isLost = false;
    const release = await lockObjects(folder("lost"), { ...quick, onLost: () => (isLost = true) });
    // What one does that took the holder for dead.
    const storage = await storageOf(folder("lost"));
    await storage.create(
      `${folder("lost")}/lock.2`,
      JSON.stringify({ pid: 1, host: "elsewhere", nonce: "n", beat: 0 }),
    );
    for (let waited = 0; waited < 3000 && !isLost; waited += 50) await sleep(50);
    expect(isLost).toBe(true);
    await release();
    expect(await storage.stat(`${folder("lost")}/lock.2`)).not.toBeNull();
  });

  it("ends a second coordinator of the same output before it has done anything", async () => {
    let second: Promise<{ code: number; stderr: string }> | undefined;
    proxy.treat = ({ method, url }) => {
      if (method === "PUT" && url.includes(".report.json")) second ??= startStoreRun(argumentsOf("two")).done;
      return null;
    };
    const first = await startStoreRun(argumentsOf("two")).done;
    const refused = await second!;
    expect(first.code).toBe(0);
    // On a slow machine the first may be done before the second has begun.
    if (refused.code !== 0) expect(refused.stderr).toMatch(/a run that is under way/);
    await expectWhole("two");
  });
});
