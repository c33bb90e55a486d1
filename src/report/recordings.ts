import type { Database } from "../aggregate/database.ts";
import { findInput, type RunRecord, readRunRecord } from "../compare/run-record.ts";
import { asFault } from "../faults/fault.ts";
import type { ModelBundle } from "../model/bundle.ts";
import { loadBundle } from "../model/load-bundle.ts";
import { sqlPath, sqlText } from "../results/duckdb.ts";
import { textAt } from "./json-file.ts";
import { type RecordedFlight, readSignals } from "./read-signals.ts";
import type { ReportSource } from "./source.ts";
import type { Span } from "./trace-flight.ts";

/** Files of one flight that are tried. */
const MOST_FILES = 4;

/** A flight, and the time around its event. */
export interface WantedFlight {
  aircraftId: string;
  flightId: string;
  around: Span;
}

/** The recordings of a run, as far as they are still what they were. */
export class Recordings {
  readonly #db: Database;
  readonly #record: RunRecord | null;
  /** The bundle that says what the signals are, or why there is none. */
  readonly bundle: ModelBundle | string;
  /** What the reader should know of the bundle. */
  readonly notes: string[];

  private constructor(db: Database, of: { record: RunRecord | null; bundle: ModelBundle | string; notes: string[] }) {
    this.#db = db;
    this.#record = of.record;
    this.bundle = of.bundle;
    this.notes = of.notes;
  }

  /** Looks for the bundle: the one given, else the run's own. @throws Fault BUNDLE_INVALID for one that was given */
  static async open(db: Database, source: ReportSource, model: string | undefined): Promise<Recordings> {
    const record = source.run === null ? null : readRunRecord(source.file);
    const directory = model ?? textAt(source.run, "bundle", "directory");
    if (directory === null)
      return new Recordings(db, { record, bundle: "nothing says which bundle was used", notes: [] });
    try {
      const bundle = await loadBundle(directory);
      const then = source.file.bundleDigest;
      const isOther = then !== null && bundle.digests.bundle !== then;
      const notes = isOther
        ? [`The bundle in ${directory} is not the one of the run: its words and signals are used, the decisions stay.`]
        : [];
      return new Recordings(db, { record, bundle, notes });
    } catch (error) {
      if (model !== undefined) throw error;
      const why = `the bundle ${directory} cannot be read now (${asFault(error).detail.items?.[0] ?? asFault(error).detail.found})`;
      return new Recordings(db, { record, bundle: why, notes: [] });
    }
  }

  /** The signals around an event, or in words why they cannot be shown. Never throws for what is wrong with a file. */
  async read(flight: WantedFlight): Promise<RecordedFlight | string> {
    if (typeof this.bundle === "string") return `${this.bundle}, so it is not known what its signals are`;
    if (this.#record === null) return "run.json is not there, so it is not known where the recording is";
    const paths = await this.#pathsOf(flight);
    if (paths.length === 0) return "coverage.parquet does not say which file it was read from";
    const reasons: string[] = [];
    for (const path of paths) {
      const found = await this.#readFile(path, flight, this.bundle);
      if (typeof found !== "string") return found;
      reasons.push(found);
    }
    return reasons.join("; ");
  }

  async #readFile(path: string, flight: WantedFlight, bundle: ModelBundle): Promise<RecordedFlight | string> {
    try {
      const input = await findInput(path, this.#record!);
      if (typeof input === "string") return input;
      const found = await readSignals(input, { ...flight, bundle, inputKind: this.#record!.inputKind });
      return found ?? `${path}: holds no signals of this flight (its rows are features, or others)`;
    } catch (error) {
      return `${path}: ${asFault(error, path).detail.found}`;
    }
  }

  async #pathsOf({ aircraftId, flightId }: WantedFlight): Promise<string[]> {
    const coveragePath = this.#record?.coveragePath ?? null;
    if (coveragePath === null) return [];
    const rows =
      await this.#db.rows(`SELECT path FROM read_parquet([${sqlPath(coveragePath)}], hive_partitioning = false)
      WHERE aircraft_id = ${sqlText(aircraftId)} AND flight_id = ${sqlText(flightId)} AND scored > 0 ORDER BY path LIMIT ${MOST_FILES}`);
    return rows.map(({ path }) => String(path));
  }
}
