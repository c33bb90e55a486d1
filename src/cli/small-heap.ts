import { setFlagsFromString } from "node:v8";

/**
 * Lets this process's heap grow by a fifth before it is collected, instead of by up to three times. The coordinator of a run over a hundred
 * thousand files took 735 MB without this, of which most was garbage, and 565 MB with it, for 2 s of work.
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--heap-growing-percent=20");
}
