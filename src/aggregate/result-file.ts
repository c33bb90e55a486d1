import { basename } from "node:path";
import { Fault } from "../faults/fault.ts";
import { readCsvHeader } from "../io/csv-header.ts";
import { readParquetFooter } from "../io/parquet-footer.ts";
import { RESULT_COLUMNS } from "../results/parquet/columns.ts";
import { type DataSetParts, describeDataSet } from "./data-set-file.ts";
import type { CandidateFile, ResultFormat } from "./find-results.ts";
import { readJsonKeys } from "./json-keys.ts";
import { companionPath, type RunFacts, readRunFacts } from "./run-facts.ts";

/** A file of results, and what is known of how they were made. */
export interface ResultFile {
  path: string;
  format: ResultFormat;
  /** Names of all columns, in their order. */
  columns: string[];
  /** Whether `timestamp` is a time and not its text. */
  hasTimes: boolean;
  /** Files of one shape can be read by one statement. */
  shape: string;
  /** `<detector>/<version>` and the bundle's sha256; null where nothing says so. */
  model: string | null;
  bundleDigest: string | null;
  /** Length of a window, and whether the run said so. */
  windowSeconds: number;
  isWindowKnown: boolean;
  /** `windows.parquet` and `coverage.parquet` of the run, null where they are not there. */
  windowsPath: string | null;
  coveragePath: string | null;
  /** Only of a data set: its manifest, and which of its files are read. */
  dataSet?: DataSetParts;
  /** A condition of SQL on the rows, where not all are wanted. */
  where?: string;
}

/** The window of the built-in recipe, for results whose run does not say. */
const USUAL_WINDOW_SECONDS = 10;

/** All but the latency, which is nobody's result. */
const NEEDED_COLUMNS = RESULT_COLUMNS.map(({ element }) => element.name).filter(
  (name) => name !== "inference_latency_ms",
);

/** What a file says of its columns and its making. */
interface Contents {
  columns: string[];
  types: string[];
  hasTimes: boolean;
  metadata: ReadonlyMap<string, string>;
}

/** The results in a file, or null for one that holds none and was not named by itself. @throws Fault `USAGE` for one that was, and what cannot be read */
export async function describeResultFile({
  path,
  format,
  isNamed,
  isDataSet,
}: CandidateFile): Promise<ResultFile | null> {
  if (isDataSet === true) return describeDataSet(path);
  const contents = await readContents(path, format, isNamed);
  if (contents === null) return null;
  const missing = NEEDED_COLUMNS.filter((name) => !contents.columns.includes(name));
  if (missing.length > 0) {
    if (isNamed) throw noResults(path, missing);
    return null;
  }
  const run = await readRunFacts(path);
  const windowSeconds = run?.windowSeconds ?? USUAL_WINDOW_SECONDS;
  const { columns, types, hasTimes, metadata } = contents;
  return {
    path,
    format,
    columns,
    hasTimes,
    shape: JSON.stringify([format, columns, types, windowSeconds]),
    ...modelOf(metadata, run),
    windowSeconds,
    isWindowKnown: run?.windowSeconds !== undefined,
    windowsPath: run === null ? null : companionPath(path, "windows.parquet"),
    coveragePath: run === null ? null : companionPath(path, "coverage.parquet"),
  };
}

function modelOf(metadata: ReadonlyMap<string, string>, run: RunFacts | null) {
  return {
    model: metadata.get("flightbatch.model") ?? run?.model ?? null,
    bundleDigest: metadata.get("flightbatch.bundle_sha256") ?? run?.bundleDigest ?? null,
  };
}

async function readContents(path: string, format: ResultFormat, isNamed: boolean): Promise<Contents | null> {
  if (format === "parquet") return readParquetContents(path);
  const text = { types: [], hasTimes: false, metadata: new Map<string, string>() };
  if (format === "json" || format === "jsonl") {
    const keys = await readJsonKeys(path);
    // Of results without a row no key is left; in a folder such a file could be anything.
    if (keys?.length === 0) return isNamed ? { ...text, columns: NEEDED_COLUMNS } : null;
    return { ...text, columns: keys ?? [] };
  }
  try {
    return { ...text, columns: await readCsvHeader(path) };
  } catch (error) {
    if (isNamed) throw error;
    return null;
  }
}

async function readParquetContents(path: string): Promise<Contents> {
  const { metadata } = await readParquetFooter(path);
  const elements = metadata.schema.filter(({ type }) => type !== undefined);
  const time = elements.find(({ name }) => name === "timestamp");
  return {
    columns: [...elements.map(({ name }) => name), ...(isOfDataSet(path) ? ["aircraft_id"] : [])],
    types: elements
      .filter(({ name }) => NEEDED_COLUMNS.includes(name))
      .map(({ type, logical_type, converted_type }) => JSON.stringify([type, converted_type, logical_type])),
    hasTimes: time?.type === "INT96" || /^TIMESTAMP/.test(time?.logical_type?.type ?? time?.converted_type ?? ""),
    metadata: new Map((metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value ?? ""])),
  };
}

/** Whether a file lies in a folder of a data set, whose name says whose rows it holds. */
export function isOfDataSet(path: string): boolean {
  return /(^|\/)date=[^/]+\/aircraft_id=[^/]+\/part-[0-9a-f]{32}\.parquet$/.test(path);
}

function noResults(path: string, missing: string[]): Fault {
  const isOfRun = /\.run\/[^/]*$/.test(path);
  return new Fault({
    code: "USAGE",
    path,
    found: `no column ${missing.join(", ")}`,
    expected: "results of flightbatch run, with all their columns",
    hint: isOfRun
      ? `Give the results themselves; ${basename(path)} is found beside them.`
      : "Is it another table, or were columns left out?",
  });
}
