import { asFault, type FaultDetail } from "../../faults/fault.ts";
import { FILE_FACTS } from "../../io/file-facts.ts";
import type { InputFile, InputFormat } from "../../io/input-file.ts";
import type { ParquetFooter } from "../../io/parquet-footer.ts";
import type { ModelBundle } from "../../model/bundle.ts";
import type { Table } from "../../recording/column.ts";
import { columnNames } from "../../recording/csv/header.ts";
import { type ForeseenRecording, foreseeCsv, foreseeParquet } from "../../recording/foresee-recording.ts";
import { fileIdentity } from "../../recording/identity.ts";
import type { SchemaTables } from "../../recording/parquet/schema-table.ts";
import { tableSizeOf } from "../../recording/parquet/table-size.ts";
import { type ReadOptions, usableColumns } from "../../recording/read-recording.ts";
import type { InputKind } from "../../recording/recording.ts";
import { isOwnResults } from "../../results/own-results.ts";
import type { FileReport } from "../../results/reports.ts";
import type { MemoryGrant } from "../../task/memory-grant.ts";
import { CSV_EXPANSION, openTable, WHOLE_FILE_BYTES } from "../../task/open-table.ts";

/** Why a file fails: `certain`, or only likely. */
export interface ForeseenFailure extends FaultDetail {
  certain: boolean;
}

/** What can be told of a file without reading its data. */
export interface ForeseenFile {
  path: string;
  bytes: number;
  format: InputFormat;
  /** By what it is told: its footer or header, or its part of an earlier run, which stands. */
  source: "footer" | "header" | "earlier run";
  /** Null where it could not be recognised. */
  kind: InputKind | null;
  /** Windows of its grids, scored or not; null where nothing tells, and then why. */
  windows: number | null;
  windowsUnknown: string | null;
  /** A results file of our own among the inputs: it is not scored. */
  passedOver: boolean;
  failure: ForeseenFailure | null;
  /** What decoding it takes, bytes; null where it is not to be decoded, or nothing tells. */
  decodedBytes: number | null;
}

/** What is needed to foresee files. */
export interface Foresight {
  bundle: ModelBundle;
  inputKind: InputKind | null;
  schemas: SchemaTables;
  /** What a file may take that is not read whole. */
  memory: MemoryGrant;
}

/** Foresees what a run makes of a file. Never throws for what is wrong with the file. */
export async function foreseeFile(file: InputFile, foresight: Foresight): Promise<ForeseenFile> {
  const foreseen = blank(file);
  try {
    const recording = await (file.format === "parquet" ? byFooter : byHeader)(file, foreseen, foresight);
    if (recording === null) return foreseen;
    const { kind, windows, unknown, doubt } = recording;
    const failure = doubt === null ? null : { ...doubt, certain: false };
    return { ...foreseen, kind, windows, windowsUnknown: unknown, failure };
  } catch (error) {
    return { ...foreseen, failure: { ...asFault(error, file.path).detail, certain: true }, windows: 0 };
  }
}

/** What an earlier run made of a file whose part stands. */
export function recallFile(file: InputFile, { kind, flights, passedOver, failure }: FileReport): ForeseenFile {
  const windows = flights.reduce((sum, flight) => sum + flight.windows, 0);
  const known = failure === null ? null : { ...failure, certain: true };
  return { ...blank(file), source: "earlier run", kind, windows, passedOver, failure: known, decodedBytes: null };
}

function blank({ path, sizeBytes, format }: InputFile): ForeseenFile {
  return {
    path,
    bytes: sizeBytes,
    format,
    source: format === "parquet" ? "footer" : "header",
    kind: null,
    windows: null,
    windowsUnknown: null,
    passedOver: false,
    failure: null,
    decodedBytes: null,
  };
}

/** What was foreseen of the recording; null if the file is not one to be scored, or nothing can be told. */
async function byFooter(
  file: InputFile,
  foreseen: ForeseenFile,
  { bundle, inputKind, schemas, memory }: Foresight,
): Promise<ForeseenRecording | null> {
  let footer: ParquetFooter;
  let table: Table;
  try {
    footer = await FILE_FACTS.footer(file);
    table = await schemas.of(file.path, footer);
  } catch {
    return openAnyway(file, foreseen, memory);
  }
  if (passOver([...table.columns.keys()], foreseen)) return null;
  const usable = usableColumns(bundle.recipe);
  const { wholeBytes, batchBytes } = tableSizeOf(footer.metadata, file.sizeBytes, (name) => usable.has(name));
  foreseen.decodedBytes = wholeBytes <= WHOLE_FILE_BYTES ? wholeBytes : batchBytes;
  if (wholeBytes > WHOLE_FILE_BYTES) memory.take(file.path, batchBytes);
  return foreseeParquet(footer.metadata, table, await readOptions(file, bundle, inputKind));
}

async function byHeader(
  file: InputFile,
  foreseen: ForeseenFile,
  { bundle, inputKind, memory }: Foresight,
): Promise<ForeseenRecording | null> {
  let names: string[];
  try {
    names = columnNames(file.path, 1, await FILE_FACTS.header(file));
  } catch {
    return openAnyway(file, foreseen, memory);
  }
  if (passOver(names, foreseen)) return null;
  foreseen.decodedBytes = CSV_EXPANSION[file.format === "csv.gz" ? "csv.gz" : "csv"] * file.sizeBytes;
  memory.take(file.path, foreseen.decodedBytes);
  return foreseeCsv(names, await readOptions(file, bundle, inputKind));
}

/** A file that does not begin as it should is opened as the run would: so it fails in the run's own words, if it fails. */
async function openAnyway(file: InputFile, foreseen: ForeseenFile, memory: MemoryGrant): Promise<null> {
  const { table } = await openTable(file, { wanted: () => false, onRead: () => {}, memory });
  table.release();
  foreseen.windowsUnknown = "only reading it would tell";
  return null;
}

function passOver(names: string[], foreseen: ForeseenFile): boolean {
  foreseen.passedOver = isOwnResults(names);
  if (foreseen.passedOver) foreseen.windows = 0;
  return foreseen.passedOver;
}

async function readOptions(file: InputFile, { recipe }: ModelBundle, kind: InputKind | null): Promise<ReadOptions> {
  const identity = fileIdentity(file.path, (await FILE_FACTS.sidecar(file)).text);
  return { path: file.path, recipe, identity, ...(kind !== null && { kind }) };
}
