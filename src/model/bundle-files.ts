import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { sha256 } from "./canonical-json.ts";
import { MODEL_FILE } from "./fetch-bundle.ts";
import { FileFindings, type Findings } from "./findings.ts";
import { MOST_SCALER_BYTES } from "./pickle/decompress.ts";

/** The files of a bundle that are read, whether they must be there, and how large they may be. */
const BUNDLE_FILES = [
  { name: MODEL_FILE, required: true, mostBytes: 2 ** 31 - 1 },
  { name: "scaler.pkl", required: true, mostBytes: MOST_SCALER_BYTES },
  { name: "thresholds.yaml", required: true, mostBytes: 1 << 20 },
  { name: "signature.json", required: false, mostBytes: 1 << 20 },
  { name: "preprocess.yaml", required: false, mostBytes: 1 << 20 },
] as const;

/** A name of a file of a bundle. */
export type BundleFile = (typeof BUNDLE_FILES)[number]["name"];

/** The contents of a bundle's files; one that is absent, or that could not be read (an error is noted), is missing here. */
export type BundleContents = Map<BundleFile, Uint8Array>;

/** Reads the files of a bundle, noting each that is missing, too large or not to be read. */
export async function readBundleFiles(directory: string, found: Findings): Promise<BundleContents> {
  const contents: BundleContents = new Map();
  for (const { name, required, mostBytes } of BUNDLE_FILES) {
    const findings = new FileFindings(name, found);
    try {
      const { size } = await stat(join(directory, name));
      if (size > mostBytes) findings.error(`has ${size} bytes, more than ${mostBytes}`);
      else contents.set(name, await readFile(join(directory, name)));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT") findings.error(`cannot be read: ${message}`);
      else if (required) findings.error("is missing");
    }
  }
  return contents;
}

/**
 * sha256 of each file that was read, and of those that hold external data of the model: a location stands verbatim in
 * `model.onnx`, so any file of the bundle whose relative path occurs there is taken for one.
 */
export async function digestFiles(directory: string, contents: BundleContents): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const [name, bytes] of contents) digests[name] = sha256(bytes);
  const model = contents.get(MODEL_FILE);
  if (model === undefined) return digests;
  // A folder that may not be entered ends the walk: then only the files beside the model are looked at.
  const names = await readdir(directory, { recursive: true }).catch(() => readdir(directory));
  for (const path of names.sort()) {
    const name = path.split(sep).join("/");
    if (Object.hasOwn(digests, name) || !Buffer.from(model.buffer, model.byteOffset, model.length).includes(name))
      continue;
    const file = join(directory, path);
    if ((await kindOf(file)) === "file") digests[name] = sha256(await readFile(file));
  }
  return digests;
}

/** What is wrong with a path that should be a bundle, or null if it may be one. */
export async function whyNotBundle(directory: string): Promise<string | null> {
  const kind = await kindOf(directory);
  if (kind === "file") return `is a file; name the folder that it lies in: ${dirname(directory)}`;
  if (kind === "absent") {
    const siblings = await versionsIn(dirname(directory));
    const there = siblings.length === 0 ? "" : `; ${basename(dirname(directory))} has ${siblings.join(", ")}`;
    return `does not exist${there}`;
  }
  if ((await kindOf(join(directory, MODEL_FILE))) !== "absent") return null;
  const versions = await versionsIn(directory);
  return versions.length === 0 ? null : `holds versions of a bundle; name one of them: ${versions.join(", ")}`;
}

async function kindOf(path: string): Promise<"file" | "folder" | "absent"> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? "folder" : found.isFile() ? "file" : "absent";
  } catch {
    return "absent";
  }
}

/** The folders in `directory` that have a model. */
async function versionsIn(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  const kinds = await Promise.all(names.map((name) => kindOf(join(directory, name, MODEL_FILE))));
  return names.filter((_, i) => kinds[i] === "file").sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}
