import { createRequire } from "node:module";
import type * as ParquetWasm from "parquet-wasm";
import { Fault } from "../../faults/fault.ts";

type Decoder = typeof ParquetWasm;

const require = createRequire(import.meta.url);
let loaded: Decoder | undefined;

/** The Parquet decoder of this process (Rust in WebAssembly), loaded when first needed. */
export function parquetDecoder(): Decoder {
  loaded ??= require("parquet-wasm") as Decoder;
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

/** What a failed read means: damage, or a form that the decoder does not know. A trap leaves its memory in doubt, so a new one is loaded. */
export function decodeFault(path: string, error: unknown): Fault {
  if (error instanceof Error && error.name === "RuntimeError") dropDecoder();
  const found = `Parquet that cannot be decoded (${error instanceof Error ? error.message : String(error)})`;
  if (/not (yet )?(supported|implemented)|unsupported|NYI|disabled/i.test(found)) {
    return new Fault(
      {
        code: "FILE_UNSUPPORTED",
        path,
        found,
        expected: "a codec and an encoding of the Parquet format in common use",
        hint: "Write the file again, for example with snappy or zstd.",
      },
      { cause: error },
    );
  }
  return new Fault(
    {
      code: "FILE_CORRUPT",
      path,
      found,
      expected: "an undamaged Parquet file",
      hint: "Fetch the file again from its source.",
    },
    { cause: error },
  );
}

function dropDecoder(): void {
  delete require.cache[require.resolve("parquet-wasm")];
  loaded = undefined;
}
