import { readdirSync, readFileSync } from "node:fs";

/** What the processes of a tree use at one moment. */
export interface TreeSample {
  /** Memory of all together, a page that several share counted once; null where the system does not tell. */
  bytes: number | null;
  /** User and system seconds of each process so far, by its id. */
  cpuSeconds: Map<number, number>;
}

/** Clock ticks of `/proc/<pid>/stat`: 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Samples the descendants of process `root`, itself left out. Linux only: elsewhere there is nothing to see. */
export function sampleTree(root: number): TreeSample {
  const pids = descendantsOf(root);
  const shares = pids.map(proportionalBytes).filter((bytes) => bytes !== null);
  return {
    bytes: shares.length === 0 ? null : shares.reduce((sum, bytes) => sum + bytes, 0),
    cpuSeconds: new Map(pids.map((pid) => [pid, cpuSecondsOf(pid)])),
  };
}

function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}

function childrenOf(pid: number): number[] {
  const threads = attempt(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  const lists = threads.map((thread) => readProc(`${pid}/task/${thread}/children`) ?? "");
  return lists.flatMap((list) => list.split(" ").filter(Boolean).map(Number));
}

function proportionalBytes(pid: number): number | null {
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(readProc(`${pid}/smaps_rollup`) ?? "");
  return kilobytes === null ? null : Number(kilobytes[1]) * 1024;
}

function cpuSecondsOf(pid: number): number {
  const stat = readProc(`${pid}/stat`) ?? "";
  // The name of the program, in brackets, may have blanks: fields are counted from behind it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_PER_SECOND;
}

function readProc(path: string): string | null {
  return attempt(() => readFileSync(`/proc/${path}`, "utf8"));
}

/** A process may end between two looks at it: what is gone counts as nothing. */
function attempt<T>(look: () => T): T | null {
  try {
    return look();
  } catch {
    return null;
  }
}
