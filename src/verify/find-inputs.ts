import { basename, join, resolve } from "node:path";
import { describeFault } from "../faults/fault.ts";
import { type InputFile, inputFormat } from "../io/input-file.ts";
import { describeFile, listInputs } from "../io/list-inputs.ts";
import { mapLimited } from "../io/map-limited.ts";
import { isRemote } from "../io/storage/address.ts";
import type { RecordedInput } from "../run/run-report.ts";
import { hashContent } from "../task/read-input.ts";

/** An input of the run as it is found now. */
export interface FoundInput {
  recorded: RecordedInput;
  /** Its place among the inputs of the run. */
  index: number;
  /** Null if it cannot be rescored, and then why. */
  file: InputFile | null;
  why: "missing" | "changed" | null;
  /** What is to be said of it: what is missing or changed, or what differs though its content is the same. */
  note: string | null;
}

/** Where inputs may be. */
export interface Places {
  /** Working directory of the run. */
  workingDirectory: string;
  /** Folders, files or globs where they are now; null: where they were. */
  data: readonly string[] | null;
}

const FILES_AT_ONCE = 16;

/** Finds inputs where they were, or by their names below `data`, and holds them against what the run recorded. @throws Fault USAGE for bad `data` */
export async function findInputs(
  chosen: readonly { recorded: RecordedInput; index: number }[],
  { workingDirectory, data }: Places,
): Promise<FoundInput[]> {
  const moved = data === null ? null : new MovedInputs((await listInputs(data)).files);
  return mapLimited(chosen, FILES_AT_ONCE, async ({ recorded, index }) => {
    const found =
      moved === null ? await describeAt(placeOf(recorded.path, workingDirectory), recorded) : moved.find(recorded);
    if (typeof found === "string") return { recorded, index, file: null, why: "missing" as const, note: found };
    return { recorded, index, ...(await compare(recorded, found)) };
  });
}

/** The recorded path where the run was begun here, since folders of a path may name the flight; else below the run's folder. */
function placeOf(path: string, workingDirectory: string): string {
  if (isRemote(path)) return path;
  return resolve(workingDirectory) === process.cwd() ? path : join(resolve(workingDirectory, path));
}

async function describeAt(path: string, { name }: RecordedInput): Promise<InputFile | string> {
  const format = inputFormat(path);
  if (format === null) return `${path} is no input`;
  const found = await describeFile({ path, name, realPath: path, format });
  return "code" in found ? describeFault(found) : found;
}

/** Inputs at another place, by name. */
class MovedInputs {
  readonly #byName = new Map<string, InputFile[]>();

  constructor(files: readonly InputFile[]) {
    for (const file of files) {
      for (const name of new Set([file.name, basename(file.path)])) {
        const known = this.#byName.get(name);
        if (known === undefined) this.#byName.set(name, [file]);
        else known.push(file);
      }
    }
  }

  find({ name, path }: RecordedInput): InputFile | string {
    const found = this.#byName.get(name) ?? this.#byName.get(basename(path)) ?? [];
    if (found.length === 1) return found[0]!;
    return found.length === 0
      ? `${path}: no file of this name below --data`
      : `${path}: ${found.length} files of this name below --data`;
  }
}

async function compare(recorded: RecordedInput, file: InputFile): Promise<Pick<FoundInput, "file" | "why" | "note">> {
  const changed = await whatChanged(recorded, file);
  if (changed !== null) return { file: null, why: "changed", note: `${file.path}: ${changed}` };
  const notes = [
    ...(file.modifiedNs === recorded.modifiedNs ? [] : ["its time of change differs"]),
    ...(sizeOfStamp(file.sidecarStamp) === sizeOfStamp(recorded.sidecarStamp) ? [] : ["its .meta.json differs"]),
  ];
  return { file, why: null, note: notes.length === 0 ? null : `${file.path}: ${notes.join(", ")}` };
}

async function whatChanged({ sizeBytes, contentHash }: RecordedInput, file: InputFile): Promise<string | null> {
  if (file.sizeBytes !== sizeBytes) return `${file.sizeBytes} bytes, then ${sizeBytes}`;
  if (contentHash === null) return null;
  try {
    return (await hashContent(file)) === contentHash ? null : "its content is another than then";
  } catch (error) {
    return (error as Error).message;
  }
}

function sizeOfStamp(stamp: string | null): string | null {
  return stamp === null ? null : stamp.split(":")[0]!;
}
