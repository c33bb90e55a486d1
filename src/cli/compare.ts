import { compareResults } from "../compare/compare-results.ts";
import type { Comparison } from "../compare/comparison.ts";
import { asFault, Fault } from "../faults/fault.ts";
import { writeFileAtomic } from "../io/atomic-write.ts";
import { comparisonAsText } from "./compare-text.ts";
import type { Terminal } from "./output.ts";
import { counted } from "./words.ts";

/** The flags of `flightbatch compare`, as the command line gives them. */
export interface CompareFlags {
  tolerance: number;
  relativeTolerance: number;
  models?: string[];
  attribution: boolean;
  attributedFlights: number;
  filter?: string;
  json?: boolean;
  output?: string;
}

/** Compares two results. Exit code 0: equal, 1: they differ. @throws Fault for what cannot be meant, read or compared */
export async function compareCommand(results: string[], flags: CompareFlags, terminal: Terminal): Promise<number> {
  const { files, models } = settleArguments(results, flags.models);
  const { output } = flags;
  if (output !== undefined && !/\.(?:json|txt|html)$/i.test(output)) throw wrongEnding(output);
  const comparison = await compareResults({
    a: files[0],
    b: files[1],
    tolerance: { absolute: flags.tolerance, relative: flags.relativeTolerance },
    ...(models && { models }),
    ...(flags.filter !== undefined && { filter: flags.filter }),
    attribution: flags.attribution,
    attributedFlights: flags.attributedFlights,
    ...(output !== undefined && { spillBeside: output }),
  });
  if (output !== undefined) await write(output, comparison);
  terminal.out.write(flags.json === true ? asJson(comparison) : comparisonAsText(comparison));
  return comparison.equal ? 0 : 1;
}

/** `--models` takes all that follows: of four, the last two are the results. */
function settleArguments(results: string[], models: string[] | undefined) {
  const all = models === undefined ? results : [...results, ...models.slice(2)];
  if (all.length !== 2) throw usage("compare", counted(all.length, "results file"), "two, A and B");
  const [a, b] = models ?? [];
  if (models !== undefined && (a === undefined || b === undefined))
    throw usage("--models", "one directory", "two, the bundle of A and that of B");
  return {
    files: all as [string, string],
    models: a === undefined || b === undefined ? undefined : ([a, b] as const),
  };
}

async function write(output: string, comparison: Comparison): Promise<void> {
  const content = await contentOf(output, comparison);
  try {
    writeFileAtomic(output, content);
  } catch (error) {
    throw new Fault(
      {
        code: "OUTPUT_UNWRITABLE",
        path: output,
        found: asFault(error).detail.found,
        expected: "a file that can be written",
        hint: "Choose another --output, or make its folder.",
      },
      { cause: error },
    );
  }
}

async function contentOf(output: string, comparison: Comparison): Promise<string> {
  if (/\.json$/i.test(output)) return asJson(comparison);
  return /\.html$/i.test(output)
    ? (await import("../compare/page/render-comparison.ts")).comparisonAsPage(comparison)
    : comparisonAsText(comparison);
}

function asJson(comparison: Comparison): string {
  return `${JSON.stringify(comparison, null, 2)}\n`;
}

function wrongEnding(output: string): Fault {
  return usage(`--output ${output}`, "a name with another ending", "a file name that ends in .json, .html or .txt");
}

function usage(path: string, found: string, expected: string): Fault {
  return new Fault({
    code: "USAGE",
    path,
    found,
    expected,
    hint: "`flightbatch compare --help` shows how it is called.",
  });
}
