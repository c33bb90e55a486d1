import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { InputFile } from "../io/input-file.ts";
import { isRemote, joinPlace } from "../io/storage/address.ts";
import { storageOf } from "../io/storage/storage.ts";
import type { QualityFinding } from "../quality/finding.ts";
import type { Identity, InputKind, RecordingCounts } from "../recording/recording.ts";
import type { WindowTable } from "../windows/series.ts";

/** A file's windows with their features, before any model: all that a second model needs of it. */
export interface PreparedFile {
  kind: InputKind;
  counts: RecordingCounts;
  tables: WindowTable[];
  /** What is odd in the recording, whatever the model. */
  quality: QualityFinding[];
}

/** Changes whenever the same file and recipe give other features, or are laid out otherwise. */
const CACHE_VERSION = 4;
const DIGEST_BYTES = 32;

/** What an entry depends on. */
export interface CacheKey {
  file: InputFile;
  contentHash: string;
  identity: Identity;
  recipeDigest: string;
  inputKind: InputKind | null;
}

/** Prepared files on a disk or in a store: an entry is one file, its content's sha256 first, so that damage is seen and the entry made anew. */
export class FeatureCache {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The entry, or null if there is none or it is damaged. */
  async get(key: CacheKey): Promise<PreparedFile | null> {
    const path = this.#pathOf(key);
    try {
      const bytes = isRemote(path) ? Buffer.from(await (await storageOf(path)).read(path)) : readFileSync(path);
      const content = bytes.subarray(DIGEST_BYTES);
      return digest(content).equals(bytes.subarray(0, DIGEST_BYTES)) ? (deserialize(content) as PreparedFile) : null;
    } catch {
      // Missing, unreadable or of another Node's format: it is made anew.
      return null;
    }
  }

  /** Puts an entry in its place, whole. Says why if it cannot: a cache only saves time, so no file fails for it. */
  async put(key: CacheKey, prepared: PreparedFile): Promise<string | null> {
    const path = this.#pathOf(key);
    const content = serialize(prepared);
    try {
      if (!isRemote(path)) mkdirSync(dirname(path), { recursive: true });
      await (await storageOf(path)).write(path, Buffer.concat([digest(content), content]));
      return null;
    } catch (error) {
      return `the feature cache cannot be written: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  #pathOf({ file, contentHash, identity, recipeDigest, inputKind }: CacheKey): string {
    const parts = [
      CACHE_VERSION,
      contentHash,
      file.sizeBytes,
      file.modifiedNs,
      identity.aircraftId,
      identity.flightId,
      recipeDigest,
      inputKind,
    ];
    const name = digest(Buffer.from(JSON.stringify(parts))).toString("hex");
    return joinPlace(this.#directory, recipeDigest.slice(0, 16), name.slice(0, 2), `${name}.features`);
  }
}

function digest(content: Uint8Array): Buffer {
  return createHash("sha256").update(content).digest();
}
