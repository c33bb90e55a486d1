import { createRequire } from "node:module";
import type * as ParquetWasm from "parquet-wasm";
import { Fault } from "../../faults/fault.ts";

type Decoder = typeof ParquetWasm;

let loaded: Decoder | undefined;

/** The Parquet decoder of this process (Rust in WebAssembly), loaded when first needed. */
export function parquetDecoder(): Decoder {
  // A loader of its own: it keeps what it has loaded, memory and all, as long as it lives.
  loaded ??= createRequire(import.meta.url)("parquet-wasm") as Decoder;
  return loaded;
}

/** Bytes of the decoder's memory, which never shrinks. */
export function decoderMemoryBytes(): number {
  return loaded === undefined ? 0 : decoderMemory(loaded).byteLength;
}

/** The decoder's whole memory; the buffer is another after each growth. */
export function decoderMemory(decoder: Decoder): ArrayBuffer {
  return (decoder.wasmMemory() as unknown as { buffer: ArrayBuffer }).buffer;
}

/** Above this the decoder's memory, of 4 GiB at most, has no room for much more. */
const NEARLY_FULL_BYTES = 3 * 2 ** 30;

/**
 * What a failed read means: damage, a form that the decoder does not know, or no memory left. A trap leaves the decoder's memory in doubt,
 * so a new one is loaded.
 */
export function decodeFault(path: string, error: unknown): Fault {
  const message = error instanceof Error ? error.message : String(error);
  const trapped = error instanceof Error && error.name === "RuntimeError";
  const isFull = trapped && decoderMemoryBytes() > NEARLY_FULL_BYTES;
  if (trapped) dropDecoder();
  const detail = { path, found: `Parquet that cannot be decoded (${message})` };
  return new Fault(
    { ...detail, ...(isFull ? NO_MEMORY : UNKNOWN_FORM.test(message) ? UNSUPPORTED : CORRUPT) },
    { cause: error },
  );
}

const UNKNOWN_FORM = /not (yet )?(supported|implemented)|unsupported|NYI|disabled/i;
const NO_MEMORY = {
  code: "OUT_OF_MEMORY",
  expected: "a file whose columns fit into 4 GiB",
  hint: "Write it as several files, or with fewer columns.",
} as const;
const UNSUPPORTED = {
  code: "FILE_UNSUPPORTED",
  expected: "a codec and an encoding of the Parquet format in common use",
  hint: "Write the file again, for example with snappy or zstd.",
} as const;
const CORRUPT = {
  code: "FILE_CORRUPT",
  expected: "an undamaged Parquet file",
  hint: "Fetch the file again from its source.",
} as const;

/** Lets the decoder go, with all of its memory; the next read loads another. Columns that lie in it must not be used any more. */
export function dropDecoder(): void {
  const require = createRequire(import.meta.url);
  delete require.cache[require.resolve("parquet-wasm")];
  loaded = undefined;
}
