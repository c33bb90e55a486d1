import { createHash } from "node:crypto";
import { copyFileSync, linkSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeFileAtomic } from "../io/atomic-write.ts";
import type { FileReport } from "../results/reports.ts";
import type { RunPlan } from "./plan.ts";

/**
 * Puts each failed input aside under its path below its argument: a hard link, or a copy where the folder is on another disk, and
 * `<name>.reason.json` with its failure. Two files of one path get a part of their digest before it.
 */
export function quarantineFiles(directory: string, { tasks }: RunPlan, files: readonly FileReport[]): void {
  const nameOf = new Map(tasks.flatMap((task) => task.files).map(({ path, name }) => [path, name]));
  const taken = new Set<string>();
  for (const { path, failure } of files) {
    if (failure === null) continue;
    const name = nameOf.get(path)!;
    const target = join(
      directory,
      taken.has(name) ? createHash("sha256").update(path).digest("hex").slice(0, 8) : "",
      name,
    );
    taken.add(name);
    mkdirSync(dirname(target), { recursive: true });
    putAside(path, target);
    writeFileAtomic(`${target}.reason.json`, `${JSON.stringify({ path, ...failure }, null, 2)}\n`);
  }
}

/** An input that is gone by now leaves its reason alone. */
function putAside(path: string, target: string): void {
  rmSync(target, { force: true });
  try {
    linkSync(path, target);
  } catch {
    try {
      copyFileSync(path, target);
    } catch {
      rmSync(target, { force: true });
    }
  }
}
