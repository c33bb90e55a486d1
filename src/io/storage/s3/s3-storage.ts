import { createReadStream } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import { parseAddress } from "../address.ts";
import type { ByteRange, Storage, Stored } from "../storage.ts";
import { s3Client } from "./client.ts";
import { type Asked, storeFault } from "./store-fault.ts";

/** Answers that break off are asked for again; that a request has no answer at all is the client's to try again. */
const BODY_TRIES = 4;
const FIRST_PAUSE_MS = 200;
/** A larger file goes up in parts of this size, of which so many are under way. */
const PART_BYTES = 8 << 20;
const PARTS_AT_ONCE = 4;
/** What is fetched at once of an object that goes to a file. */
const PIECE_BYTES = 16 << 20;
/** Two writers at the same instant are both told to come again. */
const CONFLICT_TRIES = 5;

/** An object store that speaks Amazon's S3. */
export class S3Storage implements Storage {
  /** A thousand objects a request. */
  async *list(folder: string, start = ""): AsyncIterable<Stored> {
    const { bucket, key } = parseAddress(folder);
    const prefix = `${key === "" ? "" : `${key.replace(/\/+$/, "")}/`}${start}`;
    const address = `s3://${bucket}/${prefix}`;
    try {
      for await (const page of paginateListObjectsV2({ client: s3Client() }, { Bucket: bucket, Prefix: prefix })) {
        for (const { Key = "", Size = 0, ETag } of page.Contents ?? [])
          yield { path: `s3://${bucket}/${Key}`, sizeBytes: Size, version: versionOf(ETag) };
      }
    } catch (error) {
      throw storeFault(error, address, "list");
    }
  }

  async stat(path: string): Promise<Stored | null> {
    const { bucket, key } = parseAddress(path);
    try {
      const { ContentLength, ETag } = await s3Client().send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      return { path, sizeBytes: ContentLength ?? 0, version: versionOf(ETag) };
    } catch (error) {
      const fault = storeFault(error, path, "read");
      if (fault.code === "FILE_MISSING") return null;
      throw fault;
    }
  }

  read(path: string, version?: string): Promise<Uint8Array<ArrayBuffer>> {
    return this.#get(path, undefined, version);
  }

  async readRange(path: string, range: ByteRange, version?: string): Promise<Uint8Array<ArrayBuffer>> {
    return range.end <= range.start ? new Uint8Array(0) : this.#get(path, range, version);
  }

  async create(path: string, bytes: Uint8Array | string): Promise<boolean> {
    for (let tries = 1; ; tries++) {
      try {
        await this.#put(path, bytes, "*");
        return true;
      } catch (error) {
        const { name } = error as Error;
        if (name === "PreconditionFailed") return false;
        if (name !== "ConditionalRequestConflict" || tries === CONFLICT_TRIES) throw storeFault(error, path, "write");
        await pause(tries);
      }
    }
  }

  async write(path: string, bytes: Uint8Array | string): Promise<void> {
    await explained(path, "write", this.#put(path, bytes));
  }

  async upload(file: string, path: string): Promise<void> {
    const { size } = await stat(file);
    if (size <= 2 * PART_BYTES) await this.write(path, await readFile(file));
    else await explained(path, "write", uploadInParts(file, path));
  }

  async download(path: string, file: string): Promise<void> {
    const found = await this.stat(path);
    if (found === null) throw storeFault({ name: "NoSuchKey" }, path, "read");
    const handle = await open(file, "w");
    try {
      for (let start = 0; start < found.sizeBytes; start += PIECE_BYTES) {
        const range = { start, end: Math.min(start + PIECE_BYTES, found.sizeBytes) };
        await handle.writeFile(await this.readRange(path, range, found.version));
      }
    } finally {
      await handle.close();
    }
  }

  async remove(path: string): Promise<void> {
    const { bucket, key } = parseAddress(path);
    await explained(path, "remove", s3Client().send(new DeleteObjectCommand({ Bucket: bucket, Key: key })));
  }

  async #put(path: string, bytes: Uint8Array | string, ifNoneMatch?: "*"): Promise<void> {
    const { bucket, key } = parseAddress(path);
    const condition = ifNoneMatch === undefined ? {} : { IfNoneMatch: ifNoneMatch };
    await s3Client().send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ...condition }));
  }

  async #get(path: string, range?: ByteRange, version?: string): Promise<Uint8Array<ArrayBuffer>> {
    const { bucket, key } = parseAddress(path);
    const request = {
      ...{ Bucket: bucket, Key: key },
      ...(range !== undefined && { Range: `bytes=${range.start}-${range.end - 1}` }),
      ...(version && { IfMatch: `"${version}"` }),
    };
    for (let tries = 1; ; tries++) {
      const answer = await explained(path, "read", s3Client().send(new GetObjectCommand(request)));
      try {
        return await wholeBody(answer, range === undefined ? undefined : range.end - range.start);
      } catch (error) {
        if (tries === BODY_TRIES) throw storeFault(error, path, "read");
        await pause(tries);
      }
    }
  }
}

/** The bytes of an answer. @throws Error if it breaks off, or has fewer than were asked for */
async function wholeBody(
  { Body, ContentLength }: GetObjectCommandOutput,
  wanted?: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const length = wanted ?? ContentLength ?? 0;
  const bytes = new Uint8Array(length);
  let filled = 0;
  for await (const chunk of Body as AsyncIterable<Uint8Array>) {
    if (filled + chunk.length > length) throw new Error(`half a body: more than ${length} bytes`);
    bytes.set(chunk, filled);
    filled += chunk.length;
  }
  if (filled !== length) throw new Error(`half a body: ${filled} of ${length} bytes`);
  return bytes;
}

/** The object appears under its key with the last step, whole. */
async function uploadInParts(file: string, path: string): Promise<void> {
  const { Upload } = await import("@aws-sdk/lib-storage");
  const { bucket, key } = parseAddress(path);
  const body = createReadStream(file, { highWaterMark: 1 << 20 });
  const params = { Bucket: bucket, Key: key, Body: body };
  await new Upload({ client: s3Client(), params, partSize: PART_BYTES, queueSize: PARTS_AT_ONCE }).done();
}

async function explained<T>(path: string, asked: Asked, promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    throw storeFault(error, path, asked);
  }
}

function versionOf(etag: string | undefined): string {
  return (etag ?? "").replace(/^"|"$/g, "");
}

/** Longer after each failure, and by chance, so that many do not come back at once. */
async function pause(failures: number): Promise<void> {
  await sleep(FIRST_PAUSE_MS * 2 ** (failures - 1) * (0.5 + Math.random()));
}
