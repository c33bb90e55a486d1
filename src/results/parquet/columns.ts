import type { SchemaElement } from "hyparquet";
import { FLIGHT_PHASES } from "../../verdict/thresholds.ts";
import type { ResultChunk } from "../result-chunk.ts";

/** A column of a results file: its place in the schema, how it is encoded, and its values for a chunk. */
export interface ResultColumn {
  element: SchemaElement;
  /** Undefined: a dictionary where that is smaller. */
  encoding?: "PLAIN" | "DELTA_BYTE_ARRAY" | "DELTA_BINARY_PACKED";
  statistics: boolean;
  valuesOf(chunk: ResultChunk): ArrayLike<unknown>;
}

/** The eight columns of the results, in this order and with these types (contract of the results). */
export const RESULT_COLUMNS: ResultColumn[] = [
  { element: text("window_id"), encoding: "PLAIN", statistics: false, valuesOf: (chunk) => chunk.windowIds },
  { element: text("aircraft_id"), statistics: true, valuesOf: (chunk) => repeat(chunk, chunk.aircraftId) },
  { element: text("flight_id"), statistics: true, valuesOf: (chunk) => repeat(chunk, chunk.flightId) },
  {
    element: timestamp("timestamp"),
    encoding: "DELTA_BINARY_PACKED",
    statistics: true,
    valuesOf: (chunk) => chunk.timestamps,
  },
  { element: plain("anomaly_score", "FLOAT"), encoding: "PLAIN", statistics: true, valuesOf: (chunk) => chunk.scores },
  {
    element: plain("is_anomaly", "BOOLEAN"),
    encoding: "PLAIN",
    statistics: true,
    valuesOf: (chunk) => Array.from(chunk.severities, (severity) => severity > 0),
  },
  { element: uint8("anomaly_severity"), statistics: true, valuesOf: (chunk) => chunk.severities },
  { element: plain("inference_latency_ms", "FLOAT"), statistics: false, valuesOf: (chunk) => chunk.latenciesMs },
];

/** What explains a decision; in `windows.parquet`, and after the eight with `--explain`. `features` in the model's order. */
export function explainingColumns(features: string[], hasErrors: boolean): ResultColumn[] {
  const errors = hasErrors ? features.map(squaredErrorColumn) : [];
  return [
    {
      element: text("flight_phase"),
      statistics: true,
      valuesOf: (chunk) => chunk.phases.map((phase) => (phase === null ? "unknown" : FLIGHT_PHASES[phase]!)),
    },
    { element: plain("threshold", "DOUBLE"), statistics: false, valuesOf: (chunk) => chunk.thresholds },
    { element: plain("score_ratio", "DOUBLE"), encoding: "PLAIN", statistics: false, valuesOf: scoreRatios },
    ...errors,
    { element: text("imputed_features"), statistics: false, valuesOf: (chunk) => chunk.imputed },
  ];
}

/** The columns of `windows.parquet`: a window's key, its score, and what explains it. */
export function windowColumns(features: string[], hasErrors: boolean): ResultColumn[] {
  const named = new Map(RESULT_COLUMNS.map((column) => [column.element.name, column]));
  const id: ResultColumn = { ...named.get("window_id")!, encoding: "DELTA_BYTE_ARRAY" };
  const key = ["aircraft_id", "flight_id", "timestamp", "anomaly_score"].map((name) => named.get(name)!);
  return [id, ...key, ...explainingColumns(features, hasErrors)];
}

function squaredErrorColumn(feature: string, index: number): ResultColumn {
  return {
    element: plain(`squared_error_${feature}`, "FLOAT"),
    encoding: "PLAIN",
    statistics: false,
    valuesOf: (chunk) => chunk.squaredErrors![index]!,
  };
}

/** Score over threshold: comparable over phases and models. Null where the threshold is 0. */
function scoreRatios({ scores, thresholds }: ResultChunk): (number | null)[] {
  return Array.from(scores, (score, i) => (thresholds[i] === 0 ? null : score / thresholds[i]!));
}

function repeat(chunk: ResultChunk, value: string): string[] {
  return new Array<string>(chunk.windowIds.length).fill(value);
}

function text(name: string): SchemaElement {
  return {
    name,
    type: "BYTE_ARRAY",
    converted_type: "UTF8",
    logical_type: { type: "STRING" },
    repetition_type: "OPTIONAL",
  };
}

function timestamp(name: string): SchemaElement {
  return {
    name,
    type: "INT64",
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: false, unit: "NANOS" },
    repetition_type: "OPTIONAL",
  };
}

function plain(name: string, type: "FLOAT" | "DOUBLE" | "BOOLEAN"): SchemaElement {
  return { name, type, repetition_type: "OPTIONAL" };
}

/** By its old name alone: of the new one, INTEGER, the writer gets the width's type wrong, and pyarrow refuses the file. */
function uint8(name: string): SchemaElement {
  return { name, type: "INT32", converted_type: "UINT_8", repetition_type: "OPTIONAL" };
}
