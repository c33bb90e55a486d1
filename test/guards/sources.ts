import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A text file: its path from the root of the project, `/` between its parts, and what it says. */
export interface Source {
  path: string;
  text: string;
}

/** Every TypeScript file below a folder, in order. */
export function typescriptBelow(folder: string): Source[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name).split("\\").join("/"))
    .sort()
    .map(readSource);
}

/** One file. */
export function readSource(path: string): Source {
  return { path, text: readFileSync(path, "utf8") };
}

/** Every file that git knows of. */
export function trackedFiles(): string[] {
  return execFileSync("git", ["ls-files", "-z"], { encoding: "utf8" }).split("\0").filter(Boolean);
}

/** The folder of `src` that a file lies in, or `index` for a file of `src` itself. */
export function folderOf(path: string): string {
  const [, folder, ...below] = path.split("/");
  return below.length === 0 ? "index" : folder!;
}
