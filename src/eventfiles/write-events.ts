import { closeSync, openSync, rmSync } from "node:fs";
import { Database } from "../aggregate/database.ts";
import { usage } from "../aggregate/options.ts";
import type { FlightEvent } from "../events/event.ts";
import { commitFile, temporaryName } from "../io/atomic-write.ts";
import { writeFully } from "../io/whole-bytes.ts";
import { sqlText } from "../results/duckdb.ts";
import { KIND_KEY } from "../results/parquet/write-chunks.ts";

/** Forms of a file of events, by the ending of its name. */
export type EventFormat = "parquet" | "csv" | "json";

/** Bytes of lines that are written at once. */
const CHUNK_BYTES = 1 << 20;

/** Columns of the file as they are read from the lines; `..._ns` become times. */
const COLUMNS = {
  event_id: "VARCHAR",
  aircraft_id: "VARCHAR",
  flight_id: "VARCHAR",
  model: "VARCHAR",
  status: "VARCHAR",
  rule: "VARCHAR",
  start_time: "BIGINT",
  end_time: "BIGINT",
  duration_seconds: "DOUBLE",
  severity: "UTINYINT",
  confidence: "VARCHAR",
  peak_score: "FLOAT",
  peak_ratio: "DOUBLE",
  peak_time: "BIGINT",
  window_count: "BIGINT",
  anomalous_window_count: "BIGINT",
  flight_phases: "VARCHAR[]",
  top_features: "STRUCT(name VARCHAR, share DOUBLE, level VARCHAR, interpretation VARCHAR)[]",
  first_window_id: "VARCHAR",
  last_window_id: "VARCHAR",
} as const;

const TIMES = ["start_time", "end_time", "peak_time"] as const;
const TEXTS = ["aircraft_id", "flight_id", "model", "rule", "confidence", "first_window_id", "last_window_id"] as const;

/** The form that the name of an output asks for. @throws Fault `USAGE` */
export function eventFormat(output: string): EventFormat {
  const ending = /[^/]\.(parquet|csv|json)$/i.exec(output)?.[1]?.toLowerCase();
  if (ending !== undefined) return ending as EventFormat;
  throw usage(`--output ${output}`, {
    found: "a name with another ending",
    expected: "a file name that ends in .parquet, .csv or .json",
    hint: "Name the events so; the ending says what is written.",
  });
}

/** Events on their way into a file: kept as lines beside it, then sorted and written whole. */
export class EventFile {
  readonly #output: string;
  readonly #lines: string;
  readonly #file: number;
  #pending: string[] = [];
  #pendingLength = 0;

  constructor(output: string) {
    this.#output = output;
    this.#lines = temporaryName(`${output}.jsonl`);
    rmSync(this.#lines, { force: true });
    this.#file = openSync(this.#lines, "wx");
  }

  add(event: FlightEvent): void {
    const line = `${JSON.stringify(lineOf(event))}\n`;
    this.#pending.push(line);
    this.#pendingLength += line.length;
    if (this.#pendingLength > CHUNK_BYTES) this.#flush();
  }

  /** Writes the events by aircraft, flight, start and model. @throws Fault as the database does */
  async finish(): Promise<void> {
    this.#flush();
    const written = temporaryName(this.#output);
    const db = await Database.open(`${this.#output}.jsonl`);
    try {
      const columns = Object.entries(COLUMNS).map(([name, type]) => `${name}: '${type}'`);
      const rows = `SELECT ${selected(eventFormat(this.#output))} FROM read_json(${sqlText(this.#lines)}, format = 'newline_delimited',
        columns = {${columns.join(", ")}}) ORDER BY aircraft_id, flight_id, start_time, model`;
      rmSync(written, { force: true });
      await db.rows(`COPY (${rows}) TO ${sqlText(written)} (${COPY_OPTIONS[eventFormat(this.#output)]})`);
      commitFile(written, this.#output);
    } finally {
      db.close();
      rmSync(written, { force: true });
    }
  }

  /** Leaves nothing behind but the file. */
  close(): void {
    closeSync(this.#file);
    rmSync(this.#lines, { force: true });
  }

  #flush(): void {
    writeFully(this.#file, Buffer.from(this.#pending.join("")));
    this.#pending = [];
    this.#pendingLength = 0;
  }
}

const COPY_OPTIONS: Record<EventFormat, string> = {
  parquet: `FORMAT parquet, KV_METADATA {${sqlText(KIND_KEY)}: 'events'}`,
  csv: "FORMAT csv, HEADER",
  json: "FORMAT json, ARRAY true",
};

function lineOf(event: FlightEvent): Record<keyof typeof COLUMNS, unknown> {
  return {
    event_id: event.eventId,
    aircraft_id: event.aircraftId,
    flight_id: event.flightId,
    model: event.model,
    status: event.status,
    rule: event.rule,
    start_time: String(event.startTimeNs),
    end_time: String(event.endTimeNs),
    duration_seconds: event.durationSeconds,
    severity: event.severity,
    confidence: event.confidence,
    peak_score: event.peakScore,
    peak_ratio: event.peakRatio,
    peak_time: String(event.peakTimeNs),
    window_count: event.windowCount,
    anomalous_window_count: event.anomalousWindowCount,
    flight_phases: event.flightPhases,
    top_features: event.topFeatures,
    first_window_id: event.windowIds[0],
    last_window_id: event.windowIds[1],
  };
}

/** Parquet has times, lists and structs of its own; in the others times are ISO 8601, and in CSV lists are texts too. */
function selected(format: EventFormat): string {
  const times = TIMES.map((name) => {
    const time = `make_timestamp_ns(${name})`;
    return `${format === "parquet" ? time : `strftime(${time}, '%Y-%m-%dT%H:%M:%S.%n')`} AS ${name}`;
  });
  return `* REPLACE (${[...times, ...(format === "csv" ? CSV_TEXTS : [])].join(", ")})`;
}

/** A text that a spreadsheet would take for a formula gets a ' before it. */
const CSV_TEXTS = [
  ...TEXTS.map((name) => `${unformulated(name)} AS ${name}`),
  `${unformulated("array_to_string(flight_phases, ' > ')")} AS flight_phases`,
  `${unformulated(`array_to_string(list_transform(top_features, lambda f:
    f.name || ' ' || round(100 * f.share)::INTEGER || '%' || coalesce(' ' || f.level, '') || coalesce(': ' || f.interpretation, '')), '; ')`)} AS top_features`,
];

function unformulated(text: string): string {
  return String.raw`regexp_replace(${text}, '^([=+\-@\t\r\n])', '''\1')`;
}
