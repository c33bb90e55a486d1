import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Fault } from "../faults/fault.ts";
import { mapLimited } from "../io/map-limited.ts";
import { isRemote, nameOf } from "../io/storage/address.ts";
import { type Stored, storageOf } from "../io/storage/storage.ts";
import { sha256 } from "./canonical-json.ts";

/** Name of the model's file in a bundle. */
export const MODEL_FILE = "model.onnx";

/** More than any bundle has: an address that holds so much is that of something else. */
const MOST_FILES = 1000;
const MOST_BYTES = 4 * 2 ** 30;
const FILES_AT_ONCE = 8;

/**
 * Lets `use` have a folder of this machine with the files of a bundle. One of an object store is fetched whole, and the copy goes at once
 * afterwards: an open model needs its files no more. `digests`: what files must have, where that is known.
 * @throws Fault BUNDLE_INVALID where the address is not that of a bundle, or the bundle has changed
 */
export async function withBundleFolder<T>(
  directory: string,
  use: (folder: string) => Promise<T>,
  digests: Record<string, string> = {},
): Promise<T> {
  if (!isRemote(directory)) return use(directory);
  const folder = mkdtempSync(join(tmpdir(), "flightbatch-bundle-"));
  try {
    await fetchBundle(directory, folder, digests);
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fetchBundle(address: string, folder: string, digests: Record<string, string>): Promise<void> {
  const files = await listBundle(address);
  await mapLimited(files, FILES_AT_ONCE, async ({ path, version, name }) => {
    const bytes = await (await storageOf(path)).read(path, version);
    if (digests[name] !== undefined && digests[name] !== sha256(bytes)) throw changed(address, name);
    const target = join(folder, name);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  });
}

function changed(address: string, name: string): Fault {
  const hint = "Run again once nothing writes to it any more.";
  return invalid(address, `${name}, which was changed after the run had begun`, "the bundle of the plan", hint);
}

/** The objects of a bundle. @throws Fault BUNDLE_INVALID where the address is not that of a bundle */
async function listBundle(address: string): Promise<(Stored & { name: string })[]> {
  const folder = address.replace(/\/+$/, "");
  const files: (Stored & { name: string })[] = [];
  let bytes = 0;
  for await (const object of (await storageOf(folder)).list(folder)) {
    const name = object.path.slice(folder.length + 1);
    if (name.endsWith("/")) continue;
    files.push({ ...object, name });
    bytes += object.sizeBytes;
    if (files.length > MOST_FILES || bytes > MOST_BYTES)
      throw notOneBundle(address, `more than ${MOST_FILES} objects or ${MOST_BYTES} bytes`);
  }
  if (files.length === 0) throw notOneBundle(address, "nothing there");
  const versions = files.filter(({ name }) => new RegExp(`^[^/]+/${MODEL_FILE}$`).test(name));
  if (versions.length > 0 && !files.some(({ name }) => name === MODEL_FILE)) {
    const names = versions.map(({ name }) => nameOf(dirname(name))).join(", ");
    throw notOneBundle(address, `versions of a bundle; name one of them: ${names}`);
  }
  const odd = files.find(({ name }) => name.split("/").some((part) => ["", ".", ".."].includes(part)));
  // Such a name would lead out of the folder.
  if (odd !== undefined) throw notOneBundle(address, `an object of the name ${JSON.stringify(odd.name)}`);
  return files;
}

function notOneBundle(address: string, found: string): Fault {
  const hint = "Give the address of the bundle's own folder, such as s3://bucket/models/detector/1.0.0.";
  return invalid(address, found, "the objects of one model bundle", hint);
}

function invalid(path: string, found: string, expected: string, hint: string): Fault {
  return new Fault({ code: "BUNDLE_INVALID", path, found, expected, hint });
}
