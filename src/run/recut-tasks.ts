import type { InputFile } from "../io/input-file.ts";
import { cutTasks } from "./cut-tasks.ts";

/** A group of files as an earlier run cut it, and whether what came of it can be used: null, or why not. */
export interface EarlierCut {
  files: InputFile[];
  unusable: string | null;
}

/** The groups of a run, and which groups of the earlier run it does not keep, with the reason. */
export interface Recut {
  groups: InputFile[][];
  dropped: { files: InputFile[]; why: string }[];
}

/**
 * Cuts the files around the groups of an earlier run that can be kept as they are: those whose files are all there, unchanged and next to
 * each other. So an input that was changed or added costs its own part again, and no other.
 */
export function recutTasks(files: readonly InputFile[], earlier: readonly EarlierCut[]): Recut {
  const placeOf = new Map(files.map(({ path }, i) => [path, i]));
  const keptFrom = new Map<number, InputFile[]>();
  const dropped: Recut["dropped"] = [];
  for (const cut of earlier) {
    const why = cut.unusable ?? whyBroken(cut.files, { files, placeOf });
    if (why === null) keptFrom.set(placeOf.get(cut.files[0]!.path)!, cut.files);
    else dropped.push({ files: cut.files, why });
  }
  const groups: InputFile[][] = [];
  let loose: InputFile[] = [];
  for (let i = 0; i < files.length; ) {
    const kept = keptFrom.get(i);
    if (kept === undefined) loose.push(files[i++]!);
    else {
      groups.push(...cutTasks(loose), kept);
      loose = [];
      i += kept.length;
    }
  }
  return { groups: [...groups, ...cutTasks(loose)], dropped };
}

/** Why an earlier group cannot stand among the files of today, or null. */
function whyBroken(
  group: readonly InputFile[],
  { files, placeOf }: { files: readonly InputFile[]; placeOf: ReadonlyMap<string, number> },
): string | null {
  const gone = group.find(({ path }) => !placeOf.has(path));
  if (gone !== undefined) return `${gone.path} is gone`;
  const changed = group.find((file) => !isSame(file, files[placeOf.get(file.path)!]!));
  if (changed !== undefined) return `${changed.path} has changed`;
  const first = placeOf.get(group[0]!.path)!;
  const misplaced = group.findIndex(({ path }, i) => placeOf.get(path) !== first + i);
  return misplaced === -1 ? null : `${files[first + misplaced]?.path ?? "another file"} is new among its files`;
}

function isSame(a: InputFile, b: InputFile): boolean {
  return a.sizeBytes === b.sizeBytes && a.modifiedNs === b.modifiedNs && a.sidecarStamp === b.sidecarStamp;
}
