import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeProgram } from "../../src/cli/program.ts";
import { python } from "./python.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

function example(path: string): string {
  return join(ROOT, "examples", path);
}

it("Kubernetes and compose examples are what their formats' schemas take", () => {
  const paths = ["docker/compose.yaml", "kubernetes/score.yaml", "kubernetes/merge.yaml"].map(example);
  expect(python("test/system/validate_examples.py", paths)).toBe("valid\n");
});

it("the commands in the examples are ours, with flags that they have", () => {
  const { commands } = makeProgram({ out: { write: () => true }, err: { write: () => true } }, () => {});
  const calls = [
    "slurm/score.sbatch",
    "slurm/submit.sh",
    "kubernetes/score.yaml",
    "kubernetes/merge.yaml",
    "docker/compose.yaml",
  ]
    .flatMap((path) => {
      const text = readFileSync(example(path), "utf8")
        .replace(/^\s*#.*$/gm, "")
        .replace(/\\\n/g, " ");
      return [...text.matchAll(/(?:flightbatch\}?\\?"?|^ +command:) (run|merge|worker)\b(.*)/gm)];
    })
    .map(([, name, rest]) => ({ name: name!, flags: rest!.match(/--[a-z-]+/g) ?? [] }));
  expect(calls.map(({ name }) => name).sort()).toEqual(["merge", "merge", "run", "run", "run", "worker"]);
  for (const { name, flags } of calls) {
    const known = commands.find((command) => command.name() === name)!.options.map(({ long }) => long);
    for (const flag of flags) expect(known, name).toContain(flag);
  }
});

it("the Slurm scripts are sound to bash and shellcheck", () => {
  const scripts = ["slurm/submit.sh", "slurm/score.sbatch"].map(example);
  for (const script of scripts) execFileSync("bash", ["-n", script]);
  expect(execFileSync("shellcheck", scripts, { encoding: "utf8" })).toBe("");
});

it("the Dockerfile is made of scripts, folders and a Node that the package has", () => {
  const text = readFileSync(example("docker/Dockerfile"), "utf8");
  const { scripts, bin, engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const run = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name!);
  expect(run.length).toBeGreaterThan(0);
  for (const name of run) expect(scripts).toHaveProperty([name]);
  const copied = [...text.matchAll(/--from=build \/src\/(\S+)/g)].map(([, path]) => path!);
  expect(copied).toContain("dist");
  for (const path of copied) expect(existsSync(join(ROOT, path)), path).toBe(true);
  expect(text).toContain(`/app/${bin.flightbatch} `);
  const node = [...text.matchAll(/FROM node:(\d+)/g)].map(([, version]) => Number(version));
  expect(node).toHaveLength(2);
  for (const version of node) expect(version).toBeGreaterThanOrEqual(Number(/\d+/.exec(engines.node)?.[0]));
});
