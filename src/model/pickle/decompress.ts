import { gunzipSync, inflateSync } from "node:zlib";
import { refusal } from "./refusal.ts";

/** Most bytes of a scaler file, as it is and decompressed. One of 10,000 features takes less than 1 MB. */
export const MOST_SCALER_BYTES = 16 << 20;

/** How other files begin that are taken for scalers, and what they are. */
const FOREIGN: readonly (readonly [magic: string, name: string])[] = [
  ["\xfd7zXZ\0", "xz-compressed"],
  ["\x5d\0", "lzma-compressed"],
  ["BZh", "bz2-compressed"],
  ["\x04\x22\x4d\x18", "lz4-compressed"],
  ["\x28\xb5\x2f\xfd", "zstd-compressed"],
  ["ZF0x", "compressed by a joblib older than 0.10"],
  ["PK\x03\x04", "a zip archive"],
  ["\x93NUMPY", "a bare numpy array"],
  ["\x89HDF", "an HDF5 file"],
];

/** The bytes of the pickle in a file: as they are, or out of zlib or gzip, as joblib writes them. Others by name. */
export function decompress(file: Uint8Array): Uint8Array {
  if (file.length === 0) throw refusal("the file is empty");
  if (file.length > MOST_SCALER_BYTES) throw refusal(`it has ${file.length} bytes, more than ${MOST_SCALER_BYTES}`);
  const head = Buffer.from(file.subarray(0, 8)).toString("latin1");
  const foreign = FOREIGN.find(([magic]) => head.startsWith(magic));
  if (foreign !== undefined) throw refusal(`it is ${foreign[1]}, which is not read; joblib's zlib and gzip are`);
  if (head.startsWith("\x1f\x8b")) return inflate(file, "gzip", gunzipSync);
  // 0x78 is no pickle opcode: it is how zlib begins, at joblib's window size.
  if (head.startsWith("\x78")) return inflate(file, "zlib", inflateSync);
  return file;
}

function inflate(file: Uint8Array, name: string, decode: typeof gunzipSync): Uint8Array {
  try {
    return decode(file, { maxOutputLength: MOST_SCALER_BYTES });
  } catch (cause) {
    const tooLong = (cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    if (tooLong) throw refusal(`its ${name} data decompress to more than ${MOST_SCALER_BYTES} bytes`, cause);
    throw refusal(`its ${name} data are damaged: ${(cause as Error).message}`, cause);
  }
}
