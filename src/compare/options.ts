import { Fault } from "../faults/fault.ts";

/** How far scores may lie apart and still be the same: |a - b| <= absolute + relative * max(|a|, |b|). */
export interface Tolerance {
  absolute: number;
  relative: number;
}

/** What to compare, and how. */
export interface CompareOptions {
  /** Two files of results (Parquet, CSV, CSV.gz, JSON lines or JSON), or folders of data sets. */
  a: string;
  b: string;
  /** Only windows that match, as `--filter` of a run has it, but for the flight phase. */
  filter?: string;
  /** How far scores may lie apart; default not at all. Decisions always have to be the same. */
  tolerance?: Partial<Tolerance>;
  /** Directories of the two bundles; default those that the runs' `run.json` name. */
  models?: readonly [string, string];
  /** Whether it is looked for which part of the bundle made each flip; default true. */
  attribution?: boolean;
  /** Of more flights with flips than this, only so many, evenly chosen, are attributed; default 1000. */
  attributedFlights?: number;
  /** A file in whose folder there is room for what does not fit into memory; default the system's folder for temporary files. */
  spillBeside?: string;
}

/** Flights with flips that are attributed at most, unless asked otherwise: some minutes of work. */
export const MOST_ATTRIBUTED_FLIGHTS = 1000;

/** The tolerance with its defaults put in. @throws Fault `USAGE` for one that is no number, or below 0 */
export function settleTolerance({ absolute = 0, relative = 0 }: Partial<Tolerance> = {}): Tolerance {
  const isWrong = [absolute, relative].some((value) => !(Number.isFinite(value) && value >= 0));
  if (!isWrong) return { absolute, relative };
  throw new Fault({
    code: "USAGE",
    path: "--tolerance",
    found: `${absolute} and ${relative} of the score`,
    expected: "finite numbers of at least 0",
    hint: "Such as --tolerance 1e-5 --relative-tolerance 1e-4.",
  });
}
