import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const ROOT = new URL("../../", import.meta.url).pathname;

/** The Python of the project's virtual environment, else the one on the path. */
export const PYTHON = existsSync(join(ROOT, ".venv/bin/python")) ? join(ROOT, ".venv/bin/python") : "python3";

/** Runs a Python script of the repository and returns what it prints. Fails with what it says. */
export function python(script: string, args: string[]): string {
  return execFileSync(PYTHON, [join(ROOT, script), ...args], { encoding: "utf8", stdio: "pipe" });
}
