import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "scripts-"));
  await cp("scripts", join(root, "scripts"), { recursive: true });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const lock = (packages: object) => JSON.stringify({ packages: { "": {}, ...packages } });

function run(script: string, env: NodeJS.ProcessEnv = {}) {
  const done = spawnSync(process.execPath, [join("scripts", script)], {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: "utf8",
  });
  return { status: done.status, said: done.stdout + done.stderr };
}

describe("scripts/install.mjs", () => {
  const asked = () => readFile(join(root, "asked.txt"), "utf8").catch(() => "nothing");

  /** A stand-in for npm that notes what it is asked and ends with `status`. */
  async function npmThatEndsWith(status: number): Promise<NodeJS.ProcessEnv> {
    const path = join(root, "npm.cjs");
    await writeFile(
      path,
      `require("node:fs").writeFileSync("asked.txt", process.argv.slice(2).join(" ")); process.exit(${status});`,
    );
    return { npm_execpath: path };
  }

  it("asks npm for nothing when all that the lock names is there", async () => {
    await mkdir(join(root, "node_modules", "left"), { recursive: true });
    await writeFile(
      join(root, "package-lock.json"),
      lock({
        "node_modules/left": { version: "1.0.0" },
        "node_modules/other-system": { version: "1.0.0", optional: true },
      }),
    );
    await writeFile(
      join(root, "node_modules", ".package-lock.json"),
      lock({ "node_modules/left": { version: "1.0.0" } }),
    );
    expect(run("install.mjs", await npmThatEndsWith(0))).toEqual({ status: 0, said: "install: nothing is missing\n" });
    expect(await asked()).toBe("nothing");
  });

  it("runs npm ci when a package is not there, or in another version", async () => {
    await writeFile(join(root, "package-lock.json"), lock({ "node_modules/left": { version: "1.0.1" } }));
    expect(run("install.mjs", await npmThatEndsWith(0)).status).toBe(0);
    expect(await asked()).toMatch(/^ci /);
  });

  it("ends with npm's own exit code and says what npm needs", async () => {
    await writeFile(join(root, "package-lock.json"), lock({ "node_modules/left": { version: "1.0.1" } }));
    const { status, said } = run("install.mjs", await npmThatEndsWith(7));
    expect(status).toBe(7);
    expect(said).toContain("npm ci failed");
  });
});

describe("scripts/quickstart.mjs", () => {
  /** A checkout whose program writes `summary` when asked to run, and ends with `status` then. */
  async function checkout(status: number, summary: object): Promise<void> {
    await writeFile(join(root, "package-lock.json"), lock({}));
    await writeFile(
      join(root, "package.json"),
      JSON.stringify({ type: "commonjs", scripts: { build: "node --version" } }),
    );
    await mkdir(join(root, "bin"));
    await writeFile(
      join(root, "bin", "flightbatch"),
      `const fs = require("node:fs");
       if (process.argv[2] === "make-fleet") process.exit(0);
       fs.mkdirSync("quickstart/results.run", { recursive: true });
       fs.writeFileSync("quickstart/results.run/summary.json", ${JSON.stringify(JSON.stringify(summary))});
       process.exit(${status});`,
    );
  }

  const summary = {
    total_flights: 20,
    total_windows: 4780,
    anomaly_rate: 0.25,
    by_aircraft: {
      AC002: { flights: 5, windows: 1195, anomaly_rate: 0.411, max_anomaly_score: 12.34 },
      AC009: { flights: 1, windows: 0, anomaly_rate: null, max_anomaly_score: null },
    },
    by_date: { "2025-10-06": { anomaly_rate: 0.01 } },
  };

  it("prints what the run found per aircraft", async () => {
    await checkout(0, summary);
    const { status, said } = run("quickstart.mjs");
    expect(status).toBe(0);
    expect(said).toContain("20 flights, 4780 windows, 25.0 % anomalous");
    expect(said).toMatch(/AC002 +5 +1195 +41\.1 % +12\.3/);
    expect(said).toMatch(/AC009 +1 +0 +- +-/);
  });

  it("stops at the step that fails, names it, and ends with its exit code", async () => {
    await checkout(3, summary);
    const { status, said } = run("quickstart.mjs");
    expect(status).toBe(3);
    expect(said).toContain('the step "score it" ended with exit code 3');
    expect(said).not.toContain("% anomalous");
  });
});
