import { rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { Fault } from "../faults/fault.ts";
import { usableCores } from "../io/usable-cores.ts";

/** A row of an answer: 64-bit integers are bigint, all else is a number, a text, a boolean or null. */
export type Row = Record<string, unknown>;

/** Each thread of DuckDB has buffers of its own. */
const MOST_THREADS = 4;
/** Of DuckDB's own: what does not fit goes to the disk. */
const MEMORY_LIMIT = "1GB";

/** A DuckDB in memory that spills into a folder beside `output`, which goes with {@link close}. */
export class Database {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #spillFolder: string;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, spillFolder: string) {
    this.#instance = instance;
    this.#connection = connection;
    this.#spillFolder = spillFolder;
  }

  /** Opens it. It reads local files, and nothing else. */
  static async open(output: string): Promise<Database> {
    // A fifth of a second to load: not before it is needed.
    const { DuckDBInstance } = await import("@duckdb/node-api");
    const spillFolder = join(dirname(output), `.${basename(output)}.${process.pid}.spill`);
    const instance = await DuckDBInstance.create(":memory:", {
      autoload_known_extensions: "false",
      autoinstall_known_extensions: "false",
      memory_limit: MEMORY_LIMIT,
      threads: String(Math.min(usableCores(), MOST_THREADS)),
      temp_directory: spillFolder,
    });
    return new Database(instance, await instance.connect(), spillFolder);
  }

  /** Runs a statement and gives its rows. @throws Fault for what cannot be read, or finds no room */
  async rows(sql: string): Promise<Row[]> {
    try {
      return (await this.#connection.runAndReadAll(sql)).getRowObjectsJS();
    } catch (error) {
      throw explain(error);
    }
  }

  /** The rows of a statement as they come, some thousand at a time. @throws Fault as `rows` */
  async *batches(sql: string): AsyncGenerator<Row[]> {
    try {
      const result = await this.#connection.stream(sql);
      for await (const rows of result.yieldRowObjectJs()) yield rows;
    } catch (error) {
      throw explain(error);
    }
  }

  /** Gives up the statement under way, which then throws. */
  interrupt(): void {
    this.#connection.interrupt();
  }

  /** Closes it and removes what it spilled. */
  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
    rmSync(this.#spillFolder, { recursive: true, force: true });
  }
}

/** What DuckDB says in words, as faults. Of CSV it says much: what is wrong, then what its reader could do, then the file and its settings. */
function explain(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  const path = /^\s*file = (.+)$/m.exec(message)?.[1];
  const found = message
    .split(/\n+(?=Possible fixes|\s*file = )/)[0]!
    .trim()
    .replace(/\s*\n\s*/g, "; ");
  const make = (code: "DISK_FULL" | "OUT_OF_MEMORY" | "FILE_CORRUPT", expected: string, hint: string) =>
    new Fault({ code, ...(path === undefined ? {} : { path }), found, expected, hint }, { cause: error });
  if (/No space left on device|Disk quota exceeded|max_temp_directory_size/.test(message)) {
    return make("DISK_FULL", "room beside the output for what does not fit into memory", "Make room.");
  }
  if (/^Out of Memory Error/.test(message)) {
    return make("OUT_OF_MEMORY", "results that fit", "Give fewer files at once.");
  }
  if (/^(?:IO|Invalid Input|Conversion|Binder|Serialization) Error/i.test(message)) {
    return make("FILE_CORRUPT", "results that can be read", "Make them again, or leave the file out.");
  }
  return error;
}
