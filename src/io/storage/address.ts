import { basename, dirname, join } from "node:path";
import { Fault } from "../../faults/fault.ts";

/** An object, or a folder of objects, in a bucket. */
export interface ObjectAddress {
  bucket: string;
  /** Without a slash in front; empty for the whole bucket. */
  key: string;
}

const SCHEME = "s3://";

/** Whether a path is an address in an object store (`s3://bucket/key`) and not one of this machine's files. */
export function isRemote(path: string): boolean {
  return path.startsWith(SCHEME);
}

/** Takes an address apart. @throws Fault USAGE where it names no bucket, or has in it what may be a secret */
export function parseAddress(address: string): ObjectAddress {
  const [, bucket = "", key = ""] = /^s3:\/\/([^/]*)\/?(.*)$/s.exec(address) ?? [];
  // Such text is not repeated: it would end in logs.
  if (/[@?]/.test(bucket)) throw badAddress("s3://...", "something beside the bucket's name, perhaps a secret");
  if (!/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/i.test(bucket)) throw badAddress(address, "no name of a bucket");
  return { bucket, key };
}

function badAddress(path: string, found: string): Fault {
  return new Fault({
    code: "USAGE",
    path,
    found,
    expected: "an address such as s3://bucket/folder/file.parquet",
    hint: "Keys, secrets and endpoints are taken from the environment or ~/.aws (docs/object-storage.md).",
  });
}

/** The path of an object or of a file below a folder, wherever that lies. */
export function joinPlace(folder: string, ...names: string[]): string {
  return isRemote(folder) ? [folder.replace(/\/+$/, ""), ...names].join("/") : join(folder, ...names);
}

/** The folder of a file or object; of an object in no folder, the bucket. */
export function placeOf(path: string): string {
  if (!isRemote(path)) return dirname(path);
  const { bucket, key } = parseAddress(path);
  const end = key.replace(/\/+$/, "").lastIndexOf("/");
  return end === -1 ? `${SCHEME}${bucket}` : `${SCHEME}${bucket}/${key.slice(0, end)}`;
}

/** The name of a file or object in its folder; empty for a whole bucket. */
export function nameOf(path: string): string {
  return basename(isRemote(path) ? parseAddress(path).key : path);
}
