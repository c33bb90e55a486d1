/** How a failure is treated: retried, stopped for, or reported and passed over. The family is closed. */
export type FaultClass =
  | "corrupt" // the bytes are damaged: never retried
  | "unsupported" // intact, but of a form that is not read
  | "contract" // readable, but not what the recipe or the contract asks for
  | "transient" // EIO, EAGAIN, a network, a time-out: may go well next time
  | "forbidden" // no permission
  | "memory" // more memory than there is
  | "crashed" // a worker process died
  | "usage" // a flag, a path or a filter that cannot be meant
  | "bundle" // a model bundle that cannot be run
  | "internal"; // our own mistake

/** Every failure code there is, and its class. */
export const FAULT_CODES = {
  FILE_EMPTY: "corrupt",
  FILE_CORRUPT: "corrupt",
  FILE_NOT_PARQUET: "corrupt",
  FILE_UNSUPPORTED: "unsupported",
  FILE_MISSING: "transient",
  FILE_UNREADABLE: "transient",
  FILE_CHANGED: "transient",
  FILE_FORBIDDEN: "forbidden",
  CHECKSUM_MISMATCH: "corrupt",
  CSV_MALFORMED: "corrupt",
  TIME_MISSING: "contract",
  TIME_TYPE: "contract",
  SIGNAL_MISSING: "contract",
  COLUMN_TYPE: "contract",
  FEATURE_MISSING: "contract",
  ROWS_TOO_FAR_APART: "contract",
  DUPLICATE_KEY: "contract",
  QUALITY_REFUSED: "contract",
  OUT_OF_MEMORY: "memory",
  DISK_FULL: "transient",
  WORKER_CRASHED: "crashed",
  ENGINE_UNAVAILABLE: "transient",
  BUNDLE_INVALID: "bundle",
  USAGE: "usage",
  FILTER_INVALID: "usage",
  OUTPUT_UNWRITABLE: "usage",
  INTERNAL: "internal",
} as const satisfies Record<string, FaultClass>;

/** A code of {@link FAULT_CODES}. */
export type FaultCode = keyof typeof FAULT_CODES;

/** What a fault is made of; plain data, so that it crosses processes and is written to `failures.jsonl`. */
export interface FaultDetail {
  code: FaultCode;
  /** The file, folder or flag at fault. */
  path?: string;
  /** What was found there. */
  found: string;
  /** What was expected instead. */
  expected: string;
  /** What the reader of the message can do about it. */
  hint: string;
  /** Where several faults were found at once: each of them, one sentence. */
  items?: string[];
}

/** The one error that this project throws on purpose. Everything else is a bug, and reported as `INTERNAL`. */
export class Fault extends Error {
  readonly detail: FaultDetail;

  constructor(detail: FaultDetail, options?: { cause?: unknown }) {
    super(describeFault(detail), options);
    this.name = "Fault";
    this.detail = detail;
  }

  /** The code of this fault. */
  get code(): FaultCode {
    return this.detail.code;
  }

  /** The class of this fault. */
  get faultClass(): FaultClass {
    return FAULT_CODES[this.detail.code];
  }
}

/** One sentence each for what was found, what was expected and what to do; then a line per item. */
export function describeFault(detail: FaultDetail): string {
  const where = detail.path === undefined ? "" : `${detail.path}: `;
  const items = (detail.items ?? []).map((item) => `\n  - ${item}`).join("");
  return `${where}${detail.found}; expected ${detail.expected}. ${detail.hint}${items}`;
}

/** The fault in `error`, or an `INTERNAL` one that wraps it. */
export function asFault(error: unknown, path?: string): Fault {
  if (error instanceof Fault) return error;
  const message = error instanceof Error ? error.message : String(error);
  const detail: FaultDetail = {
    code: "INTERNAL",
    found: message,
    expected: "no such error",
    hint: "This is a defect of flightbatch: please report it with the file.",
  };
  if (path !== undefined) detail.path = path;
  return new Fault(detail, { cause: error });
}
