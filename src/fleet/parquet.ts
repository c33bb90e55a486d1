import type { SchemaElement } from "hyparquet";
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import type { FlightSignals } from "./flight.ts";

/** Rows of a row group: 20 minutes at 100 Hz. */
const ROW_GROUP_ROWS = 120_000;

/** The columns of a raw recording after its timestamp; a signal of every row is required, the slower ones are nullable. */
const SIGNAL_COLUMNS: readonly { name: string; signal: SignalName; everyRow: boolean }[] = [
  { name: "engine_1_vib_fan_bearing", signal: "vibFan", everyRow: true },
  { name: "engine_1_vib_compressor_bearing", signal: "vibCompressor", everyRow: true },
  { name: "engine_1_vib_turbine_bearing", signal: "vibTurbine", everyRow: true },
  { name: "engine_1_n1", signal: "n1", everyRow: false },
  { name: "engine_1_n2", signal: "n2", everyRow: false },
  { name: "engine_1_egt", signal: "egt", everyRow: false },
  { name: "engine_1_oil_pressure", signal: "oilPressure", everyRow: false },
  { name: "engine_1_oil_temperature", signal: "oilTemperature", everyRow: false },
  { name: "flight_phase", signal: "phase", everyRow: false },
];

type SignalName = Exclude<keyof FlightSignals, "rateHz" | "ticks">;

const SCHEMA: SchemaElement[] = [
  { name: "root", num_children: SIGNAL_COLUMNS.length + 1 },
  {
    name: "timestamp",
    type: "INT64",
    repetition_type: "REQUIRED",
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: false, unit: "NANOS" },
  },
  ...SIGNAL_COLUMNS.map(({ name, signal, everyRow }): SchemaElement => {
    const repetition = everyRow ? "REQUIRED" : "OPTIONAL";
    if (signal !== "phase") return { name, type: "FLOAT", repetition_type: repetition };
    // No logical type beside the converted one: the writer stores its bit width as i32 where the format has i8,
    // and strict readers refuse the whole file (hyparquet-writer 0.17.0).
    return { name, type: "INT32", repetition_type: repetition, converted_type: "UINT_8" };
  }),
];

/** A flight as the bytes of a Parquet file (snappy) in raw form; `startNanos` is the epoch time of tick 0. Pure. */
export function encodeFlight(signals: FlightSignals, startNanos: bigint): Uint8Array {
  const columnData: ColumnSource[] = [
    // Differences of an even clock are all alike: 8 bytes a row become next to none.
    { name: "timestamp", data: timesOf(signals, startNanos), encoding: "DELTA_BINARY_PACKED" },
    ...SIGNAL_COLUMNS.map(({ name, signal, everyRow }): ColumnSource => {
      const values = signals[signal];
      // The writer samples a column before it makes a dictionary, and a sample of a slow column may be all null.
      return { name, data: everyRow ? values : nullable(values), encoding: "RLE_DICTIONARY", statistics: false };
    }),
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData, schema: SCHEMA, rowGroupSize: ROW_GROUP_ROWS }));
}

function timesOf(signals: FlightSignals, startNanos: bigint): BigInt64Array {
  const stepNanos = BigInt(1e9 / signals.rateHz);
  const times = new BigInt64Array(signals.ticks.length);
  for (let row = 0; row < times.length; row++) times[row] = startNanos + BigInt(signals.ticks[row]!) * stepNanos;
  return times;
}

function nullable(values: Float32Array): (number | null)[] {
  const column = new Array<number | null>(values.length).fill(null);
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (!Number.isNaN(value)) column[row] = value;
  }
  return column;
}
