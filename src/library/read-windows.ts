import { readFileSync } from "node:fs";
import { isValid, type NumberColumn, type Table, type TextColumn, type TimeColumn } from "../recording/column.ts";
import { readParquetTable } from "../recording/parquet/read-parquet.ts";
import { splitNames } from "../results/name-list.ts";
import { FLIGHT_PHASES } from "../verdict/thresholds.ts";
import type { ScoredWindow } from "./scored-window.ts";

const PHASE_NAMES: readonly string[] = FLIGHT_PHASES;

/** Reads back a results file with its explaining columns (`--explain`). `featureOrder` is the model's. */
export function readWindows(path: string, featureOrder: string[]): ScoredWindow[] {
  const table = readParquetTable(path, readFileSync(path), () => true);
  try {
    const at = {
      texts: textReader(table),
      numbers: numberReader(table),
      time: table.columns.get("timestamp") as TimeColumn,
    };
    const errors = featureOrder.map((feature) => `squared_error_${feature}`).filter((name) => table.columns.has(name));
    return Array.from({ length: table.rowCount }, (_, i) => readWindow(i, at, errors));
  } finally {
    table.release();
  }
}

interface Columns {
  texts(name: string, i: number): string;
  numbers(name: string, i: number): number;
  time: TimeColumn;
}

function readWindow(i: number, { texts, numbers, time }: Columns, errors: string[]): ScoredWindow {
  const phase = PHASE_NAMES.indexOf(texts("flight_phase", i));
  return {
    windowId: texts("window_id", i),
    aircraftId: texts("aircraft_id", i),
    flightId: texts("flight_id", i),
    startNs: (BigInt(time.halves[2 * i + 1]!) << 32n) | BigInt(time.halves[2 * i]! >>> 0),
    anomalyScore: numbers("anomaly_score", i),
    isAnomaly: numbers("is_anomaly", i) === 1,
    anomalySeverity: numbers("anomaly_severity", i),
    inferenceLatencyMs: numbers("inference_latency_ms", i),
    flightPhase: phase === -1 ? null : phase,
    threshold: numbers("threshold", i),
    squaredErrors: errors.length === 0 ? null : errors.map((name) => numbers(name, i)),
    imputedFeatures: splitNames(texts("imputed_features", i)),
  };
}

function textReader({ columns }: Table): Columns["texts"] {
  return (name, i) => {
    const { codes, dictionary } = columns.get(name) as TextColumn;
    return codes[i]! < 0 ? "" : dictionary[codes[i]!]!;
  };
}

function numberReader({ columns }: Table): Columns["numbers"] {
  return (name, i) => {
    const { values, validity } = columns.get(name) as NumberColumn;
    return isValid(validity, i) ? values[i]! : Number.NaN;
  };
}
