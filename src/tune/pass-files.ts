import { Fault } from "../faults/fault.ts";
import type { InputFile } from "../io/input-file.ts";
import { runTrial, type TrialContext } from "./trial.ts";

/** The files of a pass. */
export interface PassFiles {
  /** The sample, once. */
  files: InputFile[];
  /** How often a pass takes it. */
  repeats: number;
  /** Files that failed while the sample was tried, and are not in it. */
  failed: number;
}

/** Files to look at first, for each worker. */
const FIRST_PER_WORKER = 8;
/** A pass has so many files for each worker, or the last one would be waited for too long. */
const LEAST_PER_WORKER = 4;

/**
 * So many of the files that a pass takes about `passSeconds` with these workers: found out by scoring some, twice. Null if it was stopped.
 * @throws Fault if none can be scored
 */
export async function choosePassFiles(
  files: readonly InputFile[],
  { workers, passSeconds, ...context }: TrialContext & { workers: number; passSeconds: number },
): Promise<PassFiles | null> {
  const first = files.slice(0, FIRST_PER_WORKER * workers);
  const trial = await runTrial({ workers, batchSize: 128 }, first, { ...context, passes: 2 });
  if (trial === null) return null;
  const { windows, bytes, seconds } = trial.passes[1]!;
  if (windows === 0) throw nothingScored(first, [...trial.failures.values()][0]);
  const good = files.filter(({ path }) => !trial.failures.has(path));
  const wanted = (passSeconds * bytes) / seconds;
  const chosen = beginning(good, { bytes: wanted, files: LEAST_PER_WORKER * workers });
  const total = chosen.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const repeats = Math.max(1, Math.round(wanted / total), Math.ceil((LEAST_PER_WORKER * workers) / chosen.length));
  return { files: chosen, repeats, failed: trial.failures.size };
}

/** The shortest beginning of the files that has so many bytes and files, or all. */
function beginning(files: readonly InputFile[], least: { bytes: number; files: number }): InputFile[] {
  let bytes = 0;
  const end = files.findIndex((file, i) => {
    bytes += file.sizeBytes;
    return bytes >= least.bytes && i + 1 >= least.files;
  });
  return files.slice(0, end === -1 ? files.length : end + 1);
}

function nothingScored(files: readonly InputFile[], failure: Fault["detail"] | undefined): Fault {
  const found = `a sample of ${files.length} files without any window that can be scored`;
  if (failure === undefined)
    return new Fault({
      code: "USAGE",
      path: "--data",
      found,
      expected: "flights that are long enough for a window, and that the model can score",
      hint: "See what flightbatch plan says of them.",
    });
  const { code, path, expected, hint } = failure;
  return new Fault({
    code,
    ...(path !== undefined && { path }),
    found: `${failure.found}, in ${found}`,
    expected,
    hint,
  });
}
