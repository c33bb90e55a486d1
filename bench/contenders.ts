import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { runTimed } from "./measure.ts";
import type { ContenderName } from "./options.ts";

/** The work of one run. */
export interface Work {
  model: string;
  data: string;
  /** Results go here; nothing is there before. */
  output: string;
  workers: number;
}

/** A program that is compared. */
export interface Contender {
  name: ContenderName;
  /** Whether processes of it end by themselves, so that their time is only what was seen of them. */
  hasDaemons: boolean;
  command(work: Work): string[];
  /** How many windows it has scored, from what it left behind. */
  windows(work: Work, stdout: string): Promise<number>;
}

/** The repository: this file is compiled to `bench/dist/bench`. */
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PEERS = `${ROOT}bench/peers/`;
const GOLDEN_DATA = `${ROOT}test/fixtures/data/raw`;
const GOLDEN_MODEL = `${ROOT}test/fixtures/models/engine_vibration_detector/1.0.0`;
const GOLDEN_RESULTS = `${ROOT}test/fixtures/golden/raw-1.0.0.parquet`;

/** The program of each peer. A module of the name of an engine would stand in that one's way. */
const PROGRAMS: Record<Exclude<ContenderName, "flightbatch">, string> = {
  expert: "expert.py",
  natural: "natural.py",
  decode: "decode.py",
  polars: "polars_expr.py",
  duckdb: "duckdb_sql.py",
  ray: "ray_data.py",
  pyspark: "pyspark_arrow.py",
};

/** Peers whose processes are not all waited for: what they use is only seen from outside. */
const DAEMONS: readonly ContenderName[] = ["ray", "pyspark"];

/** The contender of a name; `python` runs all but this project. */
export function contender(name: ContenderName, python: string): Contender {
  if (name !== "flightbatch") {
    return {
      name,
      hasDaemons: DAEMONS.includes(name),
      command: (work) => [python, "-B", `${PEERS}${PROGRAMS[name]}`, ...flagsOf(work)],
      windows: async (_, stdout) => (JSON.parse(stdout.trim().split("\n").at(-1)!) as { windows: number }).windows,
    };
  }
  return {
    name,
    hasDaemons: false,
    // Parts of an earlier run would be taken over.
    command: (work) => [`${ROOT}bin/flightbatch`, "run", ...flagsOf(work), "--quiet", "--fresh"],
    async windows(work) {
      const summary = await readFile(work.output.replace(/\.parquet$/, ".run/summary.json"), "utf8");
      return (JSON.parse(summary) as { total_windows: number }).total_windows;
    },
  };
}

function flagsOf(work: Work): string[] {
  const { model, data, output, workers } = work;
  return ["--model", model, "--data", data, "--output", output, "--workers", String(workers)];
}

/** The versions of the peers' libraries, or in words why there are none. */
export async function pythonVersions(python: string): Promise<Record<string, string> | string> {
  const names = ["joblib", "numpy", "onnxruntime", "pandas", "pyarrow", "sklearn", "yaml"];
  const script = `import json, sys, ${names.join(", ")}
from importlib.metadata import PackageNotFoundError, version
found = {m.__name__: m.__version__ for m in (${names.join(", ")})}
for name in ("polars", "duckdb", "ray", "pyspark"):
    try: found[name] = version(name)
    except PackageNotFoundError: pass
print(json.dumps({"python": sys.version.split()[0], **found}))`;
  try {
    return JSON.parse((await runTimed([python, "-B", "-c", script])).stdout) as Record<string, string>;
  } catch (error) {
    return (error as Error).message.trim().split("\n").at(-1)!;
  }
}

/** What is wrong with a contender's answers on the recordings whose answers are known; null if nothing is. */
export async function goldenFault(candidate: Contender, python: string, output: string): Promise<string | null> {
  const work = { model: GOLDEN_MODEL, data: GOLDEN_DATA, output, workers: 2 };
  try {
    await runTimed(candidate.command(work));
  } catch (error) {
    return (error as Error).message;
  }
  return disagreement(python, { model: GOLDEN_MODEL, expected: GOLDEN_RESULTS, actual: output });
}

/** How two result files disagree; null if they agree. */
export async function disagreement(
  python: string,
  files: { model: string; expected: string; actual: string },
): Promise<string | null> {
  const { model, expected, actual } = files;
  const flags = ["--model", model, "--expected", expected, "--actual", actual];
  return runTimed([python, "-B", `${PEERS}agree.py`, ...flags]).then(
    () => null,
    (error: Error) => error.message.trim().split("\n").at(-1)!,
  );
}
