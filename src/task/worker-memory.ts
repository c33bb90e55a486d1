import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { ScratchBuffer } from "../io/scratch-buffer.ts";
import { dropKernels, kernelMemoryBytes } from "../kernels/load-kernels.ts";
import { decoderMemoryBytes, dropDecoder } from "../recording/parquet/decoder.ts";

/** What a process may keep from one file to the next, its code and model among it: ordinary files leave less. */
const KEPT_BYTES = 320 << 20;
/** The memory of a decoder never shrinks; of this much, most is that of one large file. */
const DECODER_KEPT_BYTES = 96 << 20;

/** Gives back what a file has left behind, if it was a large one. To be called between files: arrays of the last one end. */
export async function tidyMemory(
  scratch: readonly ScratchBuffer[],
  { wasLarge }: { wasLarge: boolean },
): Promise<void> {
  const isDecoderLarge = decoderMemoryBytes() > DECODER_KEPT_BYTES;
  const areKernelsLarge = kernelMemoryBytes() > DECODER_KEPT_BYTES;
  // The system is not asked each time: that takes as long as a small file's decoding.
  if (!wasLarge && !isDecoderLarge && !areKernelsLarge) return;
  if (isDecoderLarge) dropDecoder();
  if (areKernelsLarge) dropKernels();
  for (const buffer of scratch) buffer.release();
  // Large arrays lie outside of the heap, and the collector is in no hurry about them; until the next turn, calls that have ended hold some.
  await nextTurn();
  collectGarbage();
}

/** Whether the process keeps more than it should, so that only another one has the memory back. */
export function hasOutgrown(): boolean {
  return process.memoryUsage.rss() > KEPT_BYTES;
}

let collect: (() => void) | undefined;

function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  collect();
}
