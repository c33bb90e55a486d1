import { createHash } from "node:crypto";
import { copyFileSync, linkSync, mkdirSync, realpathSync, rmSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { Fault } from "../faults/fault.ts";
import { writeFileAtomic } from "../io/atomic-write.ts";
import { isRemote } from "../io/storage/address.ts";
import { storageOf } from "../io/storage/storage.ts";
import type { FileReport } from "../results/reports.ts";
import type { RunPlan } from "./plan.ts";

const REASON = ".reason.json";
/** Longest name that every file system takes, less what comes around it while the reason is written. */
const LONGEST_NAME_BYTES = 255 - ".".length - REASON.length - ".4194304999999999.tmp".length;

/**
 * Puts each failed input aside under its path below its argument: a hard link, or a copy where the folder is on another disk, and
 * `<name>.reason.json` with its failure. Two files of one path get a part of their digest before it; a name without room for the
 * reason's ending is cut. @throws Fault OUTPUT_UNWRITABLE if a link in the folder leads out of it
 */
export async function quarantineFiles(
  { directory, workingDirectory }: { directory: string; workingDirectory: string },
  { tasks }: RunPlan,
  files: readonly FileReport[],
): Promise<void> {
  const nameOf = new Map(tasks.flatMap((task) => task.files).map(({ path, name }) => [path, name]));
  const taken = new Set<string>();
  for (const { path, failure } of files) {
    if (failure === null) continue;
    const name = shortened(nameOf.get(path)!);
    const target = join(directory, taken.has(name) ? digestOf(path) : "", name);
    taken.add(name);
    mkdirSync(dirname(target), { recursive: true });
    expectWithin(directory, dirname(target));
    if (isRemote(path)) await fetchAside(path, target);
    else putAside(resolve(workingDirectory, path), target);
    writeFileAtomic(`${target}${REASON}`, `${JSON.stringify({ path, ...failure }, null, 2)}\n`);
  }
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

/** The path with a last name that is not too long; what is cut off is told apart by a digest. */
function shortened(path: string): string {
  const name = Buffer.from(basename(path));
  if (name.length <= LONGEST_NAME_BYTES) return path;
  // A character that is cut in two is left out.
  const start = name
    .subarray(0, LONGEST_NAME_BYTES - 9)
    .toString()
    .replace(/\ufffd+$/, "");
  return join(dirname(path), `${start}.${digestOf(path)}`);
}

function expectWithin(directory: string, folder: string): void {
  const way = relative(realpathSync(directory), realpathSync(folder));
  if (way !== ".." && !way.startsWith("../")) return;
  throw new Fault({
    code: "OUTPUT_UNWRITABLE",
    path: folder,
    found: "a link that leads out of the folder for failed files",
    expected: "folders",
    hint: "Remove the link, or choose another --quarantine.",
  });
}

/** Of an object a copy is put aside, or its reason alone where it cannot be had. */
async function fetchAside(path: string, target: string): Promise<void> {
  rmSync(target, { force: true });
  await (await storageOf(path)).download(path, target).catch(() => rmSync(target, { force: true }));
}

/** An input that is gone by now leaves its reason alone; of a link what it leads to is put aside. */
function putAside(path: string, target: string): void {
  rmSync(target, { force: true });
  try {
    linkSync(realpathSync(path), target);
  } catch {
    try {
      copyFileSync(path, target);
    } catch {
      rmSync(target, { force: true });
    }
  }
}
