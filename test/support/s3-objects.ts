import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { storageOf } from "../../src/io/storage/storage.ts";
import { BUCKET } from "./s3-server.ts";

/** The address of a key in the bucket of the tests. */
export function objectAt(...parts: string[]): string {
  return `s3://${BUCKET}/${parts.join("/")}`;
}

/** Puts all files of a folder into the bucket. */
export async function putFolder(from: string, address: string): Promise<void> {
  const storage = await storageOf(address);
  const isFile = (name: string) => statSync(join(from, name)).isFile();
  const names = (readdirSync(from, { recursive: true }) as string[]).filter(isFile);
  for (let i = 0; i < names.length; i += 16)
    await Promise.all(names.slice(i, i + 16).map((name) => storage.upload(join(from, name), `${address}/${name}`)));
}
