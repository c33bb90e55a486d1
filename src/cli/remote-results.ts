import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Fault } from "../faults/fault.ts";
import { mapLimited } from "../io/map-limited.ts";
import { parsePathPattern } from "../io/path-pattern.ts";
import { parseAddress } from "../io/storage/address.ts";
import { type Stored, storageOf } from "../io/storage/storage.ts";

/** More than this is not fetched: sum up where the results are, or name fewer of them. */
const MOST_BYTES = 20 * 2 ** 30;
const FILES_AT_ONCE = 4;
const SCHEME = "s3://";
/** Of the folder of a run, what commands read: neither its parts nor its locks. */
const OF_A_RUN = /\.run\/(?:[^/]+\.(?:parquet|json|jsonl|html))$/;
const RESULTS = /\.(?:parquet|csv|csv\.gz|jsonl|json)$|\/_coverage-[^/]+\.pq$/i;
/** Text in which addresses stand for the places they were fetched to. */
const TEXT = /\.(?:json|csv|txt|html?)$/i;

/** Results of an object store, fetched for a command that reads files: DuckDB opens nothing else here. */
export class RemoteResults {
  readonly #folder = mkdtempSync(join(tmpdir(), "flightbatch-results-"));
  readonly #fetched = new Set<string>();

  constructor() {
    process.once("exit", () => rmSync(this.#folder, { recursive: true, force: true }));
  }

  /** Fetches a file of results, a folder or a glob of them, with what their runs told of them. Returns the place on this machine. */
  async fetch(address: string): Promise<string> {
    parseAddress(address);
    const base = parsePathPattern(address.slice(SCHEME.length))?.base ?? address.slice(SCHEME.length);
    const wanted = await this.#list(base.replace(/\/+$/, ""));
    const bytes = wanted.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    if (wanted.length === 0 || bytes > MOST_BYTES) throw notFetched(address, wanted.length, bytes);
    await mapLimited(wanted, FILES_AT_ONCE, async ({ path }) => {
      const file = this.#placeOf(path);
      mkdirSync(dirname(file), { recursive: true });
      await (await storageOf(path)).download(path, file);
      this.#fetched.add(file);
    });
    return join(this.#folder, address.slice(SCHEME.length));
  }

  /** The same text with addresses where it has the places of their files. */
  nameAddresses(text: string): string {
    return text.replaceAll(`${this.#folder}/`, SCHEME);
  }

  /** Puts what the command has written beside the results into the store, and addresses into a text that it wrote here. */
  async finish(output: string | undefined): Promise<void> {
    if (output !== undefined && TEXT.test(output) && existsSync(output) && !resolve(output).startsWith(this.#folder))
      writeFileSync(output, this.nameAddresses(readFileSync(output, "utf8")));
    const names = readdirSync(this.#folder, { recursive: true }) as string[];
    for (const file of names.map((name) => join(this.#folder, name))) {
      if (this.#fetched.has(file) || !statSync(file).isFile()) continue;
      if (TEXT.test(file)) writeFileSync(file, this.nameAddresses(readFileSync(file, "utf8")));
      const address = this.nameAddresses(file);
      await (await storageOf(address)).upload(file, address);
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #placeOf(address: string): string {
    const file = join(this.#folder, address.slice(SCHEME.length));
    if (file.startsWith(`${this.#folder}/`)) return file;
    throw notFetched(address, 0, 0);
  }

  /** `base`: bucket and key of one file of results, or of a folder. */
  async #list(base: string): Promise<Stored[]> {
    const storage = await storageOf(`${SCHEME}${base}`);
    const own = base.includes("/") ? await storage.stat(`${SCHEME}${base}`) : null;
    const folder = own === null ? base : `${base.replace(RESULTS, "")}.run`;
    const found: Stored[] = own === null ? [] : [own];
    for await (const object of storage.list(`${SCHEME}${folder}`)) {
      const isOfRun = OF_A_RUN.test(object.path);
      if (isOfRun || (own === null && RESULTS.test(object.path) && !/\.run\//.test(object.path))) found.push(object);
    }
    return found;
  }
}

function notFetched(path: string, files: number, bytes: number): Fault {
  return new Fault({
    code: "USAGE",
    path,
    found: files === 0 ? "no results there" : `${files} objects of ${bytes} bytes together`,
    expected: `results of flightbatch run, at most ${MOST_BYTES} bytes: they are fetched to the temporary folder`,
    hint: files === 0 ? "Check the spelling." : "Name fewer of them, or run the command where they can be mounted.",
  });
}
