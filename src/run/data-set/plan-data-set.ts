import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type DataSetInput, type Manifest, readManifest } from "../../dataset/manifest.ts";
import { foreignFile } from "../../dataset/settle.ts";
import { Fault } from "../../faults/fault.ts";
import type { InputFile } from "../../io/input-file.ts";
import { isRemote } from "../../io/storage/address.ts";
import { type Ingredients, PROCESSOR, processorWarnings } from "../plan-record.ts";
import type { SettledOptions } from "../run-options.ts";

/** What a run will do to a data set. */
export interface DataSetPlan {
  /** Generation of the manifest that it was planned by; 0: there was none. */
  generation: number;
  /** Inputs that are not scored: their rows are in the data set as they would be again. */
  unchanged: number;
  /** Inputs of the data set whose rows go. */
  dropped: string[];
  /** Inputs of the data set whose files are gone, and whose rows stay. */
  vanished: number;
}

/**
 * The files to score for a data set, and what goes from it: without `--incremental` all that it holds, for it will hold these files and
 * nothing else. @throws Fault USAGE where the data set was made otherwise, OUTPUT_UNWRITABLE for a folder with other files
 */
export async function planDataSet(
  { output, incremental, removeVanished, fresh }: SettledOptions,
  ingredients: Ingredients,
  files: readonly InputFile[],
): Promise<{ files: InputFile[]; dataSet: DataSetPlan; warnings: string[] }> {
  const manifest = await readManifest(output);
  await expectOwnFolder(output, manifest);
  const generation = manifest?.generation ?? 0;
  const known = new Map(manifest?.inputs.map((input) => [input.path, input]));
  if (!incremental || manifest === null)
    return {
      files: [...files],
      dataSet: { generation, unchanged: 0, dropped: [...known.keys()], vanished: 0 },
      warnings: [],
    };
  expectSame(output, manifest, ingredients);
  const todo = fresh ? [...files] : files.filter((file) => !stands(file, known.get(inputPath(file.path))));
  const listed = new Set(files.map(({ path }) => inputPath(path)));
  const vanished = [...known.keys()].filter((path) => !listed.has(path) && isGone(path));
  const again = todo.map(({ path }) => inputPath(path)).filter((path) => known.has(path));
  return {
    files: todo,
    dataSet: {
      generation,
      unchanged: files.length - todo.length,
      dropped: removeVanished ? [...again, ...vanished] : again,
      vanished: removeVanished ? 0 : vanished.length,
    },
    warnings: todo.length > 0 ? processorWarnings(manifest.ingredients, ingredients) : [],
  };
}

/** The path of an input as the manifest has it. */
export function inputPath(path: string, workingDirectory = process.cwd()): string {
  return isRemote(path) ? path : resolve(workingDirectory, path);
}

function stands(file: InputFile, known: DataSetInput | undefined): boolean {
  return (
    known !== undefined &&
    known.failure?.mayPass !== true &&
    known.sizeBytes === file.sizeBytes &&
    known.modifiedNs === file.modifiedNs &&
    known.sidecarStamp === file.sidecarStamp
  );
}

/** Of a store nothing is asked: what is not listed may be elsewhere. */
function isGone(path: string): boolean {
  return !isRemote(path) && !existsSync(path);
}

function expectSame(output: string, { ingredients: made }: Manifest, ingredients: Ingredients): void {
  const names = new Set([...Object.keys(made), ...Object.keys(ingredients)]);
  const changed = [...names].filter((name) => name !== PROCESSOR && made[name] !== ingredients[name]);
  if (changed.length === 0) return;
  throw new Fault({
    code: "USAGE",
    path: output,
    found: "a data set that was made otherwise",
    expected: "the same model, options and versions, so that all rows can stand together",
    hint: "Run over all data without --incremental to make it anew, or choose another --output.",
    items: changed.map(
      (name) => `${name}: ${made[name] || "none"} in the data set, ${ingredients[name] || "none"} now`,
    ),
  });
}

async function expectOwnFolder(output: string, manifest: Manifest | null): Promise<void> {
  const foreign = await foreignFile(output, manifest);
  if (foreign === null) return;
  throw new Fault({
    code: "OUTPUT_UNWRITABLE",
    path: output,
    found: `a folder with other files in it, such as ${foreign}`,
    expected: "a data set, or a folder without files",
    hint: "Choose another --output: whoever reads the folder would read these files too.",
  });
}
