import type { SchemaElement } from "hyparquet";
import { FLIGHT_PHASES } from "../../verdict/thresholds.ts";
import type { ResultChunk } from "../result-chunk.ts";
import { Dictionary } from "./dictionary.ts";
import { frontCodedTexts, plainTexts } from "./encode-texts.ts";
import {
  boundedInstants,
  boundedNumbers,
  type EncodedValues,
  plainBooleans,
  plainNumbers,
  plainNumbersOrNull,
} from "./encoded-values.ts";

/** A column of a results file: its place in the schema, and how the values of its chunks are encoded (`rowCount` in all, at least one). */
export interface ResultColumn {
  element: SchemaElement;
  encode(chunks: ResultChunk[], rowCount: number): EncodedValues;
}

const WINDOW_ID: ResultColumn = {
  element: text("window_id"),
  encode: (chunks) => plainTexts(chunks.map(({ windowIds }) => windowIds)),
};

/** The eight columns of the results, in this order and with these types (contract of the results). */
export const RESULT_COLUMNS: ResultColumn[] = [
  WINDOW_ID,
  { element: text("aircraft_id"), encode: (chunks) => perFlight(chunks, ({ aircraftId }) => aircraftId) },
  { element: text("flight_id"), encode: (chunks) => perFlight(chunks, ({ flightId }) => flightId) },
  {
    element: timestamp("timestamp"),
    encode: (chunks) => boundedInstants(chunks.map(({ timestamps }) => timestamps)),
  },
  {
    element: plain("anomaly_score", "FLOAT"),
    encode: (chunks) => boundedNumbers(chunks.map(({ scores }) => scores)),
  },
  {
    element: plain("is_anomaly", "BOOLEAN"),
    encode: (chunks, rowCount) =>
      plainBooleans(
        chunks.map(({ severities }) => severities),
        rowCount,
      ),
  },
  {
    element: uint8("anomaly_severity"),
    encode: (chunks) => perWindow(chunks, ({ severities }) => severities).encode("INT32"),
  },
  {
    element: plain("inference_latency_ms", "FLOAT"),
    encode: (chunks) => plainNumbers(chunks.map(({ latenciesMs }) => latenciesMs)),
  },
];

/** What explains a decision; in `windows.parquet`, and after the eight with `--explain`. `features` in the model's order. */
export function explainingColumns(features: string[], hasErrors: boolean): ResultColumn[] {
  const errors = hasErrors ? features.map(squaredErrorColumn) : [];
  return [
    {
      element: text("flight_phase"),
      encode: (chunks) => perWindow(chunks, ({ phases }) => phases.map(phaseName)).encode("BYTE_ARRAY"),
    },
    {
      element: plain("threshold", "DOUBLE"),
      encode: (chunks) => perWindow(chunks, ({ thresholds }) => thresholds).encode("DOUBLE"),
    },
    {
      element: plain("score_ratio", "DOUBLE"),
      encode: (chunks, rowCount) => plainNumbersOrNull(chunks.map(scoreRatios), rowCount),
    },
    ...errors,
    {
      element: text("imputed_features"),
      encode: (chunks) => perWindow(chunks, ({ imputed }) => imputed).encode("BYTE_ARRAY"),
    },
    {
      element: text("tied_phases"),
      encode: (chunks) => perWindow(chunks, tiedPhases).encode("BYTE_ARRAY"),
    },
  ];
}

/** The columns of `windows.parquet`: a window's key, its score, and what explains it. */
export function windowColumns(features: string[], hasErrors: boolean): ResultColumn[] {
  const named = new Map(RESULT_COLUMNS.map((column) => [column.element.name, column]));
  const id: ResultColumn = {
    ...WINDOW_ID,
    encode: (chunks) => frontCodedTexts(chunks.map((chunk) => chunk.windowIds)),
  };
  const key = ["aircraft_id", "flight_id", "timestamp", "anomaly_score"].map((name) => named.get(name)!);
  return [id, ...key, ...explainingColumns(features, hasErrors)];
}

function squaredErrorColumn(feature: string, index: number): ResultColumn {
  return {
    element: plain(`squared_error_${feature}`, "FLOAT"),
    encode: (chunks) => plainNumbers(chunks.map(({ squaredErrors }) => squaredErrors![index]!)),
  };
}

/** Score over threshold: comparable over phases and models. NaN, which is written as null, where the threshold is 0. */
function scoreRatios({ scores, thresholds }: ResultChunk): Float64Array {
  return thresholds.map((threshold, i) => (threshold === 0 ? Number.NaN : scores[i]! / threshold));
}

function phaseName(phase: number | null): string {
  return phase === null ? "unknown" : FLIGHT_PHASES[phase]!;
}

/** Names of the phases of each set that has several, with commas between them; other thresholds may choose another of them. */
const TIED_PHASES = Array.from({ length: 1 << FLIGHT_PHASES.length }, (_, set) => {
  const names = FLIGHT_PHASES.filter((_name, code) => (set >> code) & 1);
  return names.length > 1 ? names.join(",") : "";
});

function tiedPhases({ phaseSets }: ResultChunk): string[] {
  return Array.from(phaseSets, (set) => TIED_PHASES[set]!);
}

function perFlight(chunks: ResultChunk[], idOf: (chunk: ResultChunk) => string): EncodedValues {
  const dictionary = new Dictionary<string>();
  for (const chunk of chunks) dictionary.add(idOf(chunk), chunk.windowIds.length);
  return dictionary.encode("BYTE_ARRAY");
}

function perWindow<T extends string | number>(
  chunks: ResultChunk[],
  valuesOf: (chunk: ResultChunk) => ArrayLike<T>,
): Dictionary<T> {
  const dictionary = new Dictionary<T>();
  for (const values of chunks.map(valuesOf)) for (let i = 0; i < values.length; i++) dictionary.add(values[i]!, 1);
  return dictionary;
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
