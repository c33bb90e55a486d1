import { isRemote } from "./address.ts";
import { localStorage } from "./local-storage.ts";

/** A file or an object as it was found. */
export interface Stored {
  path: string;
  sizeBytes: number;
  /** Which version of it this is: of a file the time of its last change, of an object its ETag. */
  version: string;
}

/** Bytes from `start` to `end` (exclusive). */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * A place for files: a disk, or an object store. Under a name there is always all of a file or nothing new. Rejections are faults:
 * `FILE_MISSING` for what is not there, `FILE_CHANGED` where another version was asked for, `FILE_UNREADABLE` where trying again may help.
 */
export interface Storage {
  /**
   * All files below a folder, at any depth, in no order that is promised but by their keys' UTF-8 bytes in a store; none where there is no
   * such folder. `start`: only those whose paths below the folder begin so.
   */
  list(folder: string, start?: string): AsyncIterable<Stored>;
  /** Null if nothing is there. */
  stat(path: string): Promise<Stored | null>;
  /** All of a file; of this version, where one is given. */
  read(path: string, version?: string): Promise<Uint8Array<ArrayBuffer>>;
  /** A piece of a file; never fewer bytes than asked for. */
  readRange(path: string, range: ByteRange, version?: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Writes a file that is not there yet. False if there is one: of several writers exactly one is told true. */
  create(path: string, bytes: Uint8Array | string): Promise<boolean>;
  /** Writes a file, in the place of the one that was there. */
  write(path: string, bytes: Uint8Array | string): Promise<void>;
  /** The same of a file of this machine, whatever its size. */
  upload(file: string, path: string): Promise<void>;
  /** Brings a file, whatever its size, to one of this machine, which is overwritten. */
  download(path: string, file: string): Promise<void>;
  /** Removes a file; that there is none is no fault. */
  remove(path: string): Promise<void>;
}

let objects: Promise<Storage> | undefined;

/** The storage of a path, by its form: `s3://` is an object store, all else this machine's files. */
export async function storageOf(path: string): Promise<Storage> {
  if (!isRemote(path)) return localStorage;
  // The SDK warns of what a later version of it will need; this one is pinned, and the warning would come from every worker.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  // A tenth of a second to load, which only those pay who read or write objects.
  objects ??= import("./s3/s3-storage.ts").then(({ S3Storage }) => new S3Storage());
  return objects;
}
