import { Fault, type FaultCode } from "../faults/fault.ts";

const HINTS = {
  FILE_MISSING: "It was moved, removed or renamed since it was listed, or it is a link that leads nowhere.",
  FILE_FORBIDDEN: "Ask for permission to read it, or run as a user who has it.",
  FILE_UNREADABLE: "Check the disk or the network share, and try again.",
  OUT_OF_MEMORY: "Use fewer workers, or a machine with more memory.",
  DISK_FULL: "Make room; the same command then carries on.",
  OUTPUT_UNWRITABLE: "Choose another --output, or make the disk writable; the same command then carries on.",
} as const satisfies Partial<Record<FaultCode, string>>;

const EXPECTED: Partial<Record<FaultCode, string>> = {
  DISK_FULL: "room for the results",
  OUTPUT_UNWRITABLE: "a place where the results can be written",
};

const CODES: Record<string, keyof typeof HINTS> = {
  ENOENT: "FILE_MISSING",
  ENOTDIR: "FILE_MISSING",
  ELOOP: "FILE_MISSING",
  EACCES: "FILE_FORBIDDEN",
  EPERM: "FILE_FORBIDDEN",
  ENOMEM: "OUT_OF_MEMORY",
  ENOSPC: "DISK_FULL",
  EDQUOT: "DISK_FULL",
  EROFS: "OUTPUT_UNWRITABLE",
};

/** The fault in an error of the file system at `path`; anything the system does not explain is `FILE_UNREADABLE`. */
export function fileFault(error: unknown, path: string): Fault {
  if (error instanceof Fault) return error;
  const code = CODES[errorCode(error) ?? ""] ?? "FILE_UNREADABLE";
  const found = error instanceof Error ? error.message : String(error);
  const isBrokenName = code === "FILE_MISSING" && path.includes("\ufffd");
  const hint = isBrokenName ? "Its name is not valid UTF-8: rename it." : HINTS[code];
  const expected = EXPECTED[code] ?? "a file that can be read";
  return new Fault({ code, path, found, expected, hint }, { cause: error });
}

/** The system's code of an error (`ENOENT`), or null. */
export function errorCode(error: unknown): string | null {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return typeof code === "string" ? code : null;
}

/** The fault in an error of the operating system; any other error as it is. */
export function explainSystemError(error: unknown, path: string): unknown {
  return error instanceof Error && "syscall" in error ? fileFault(error, path) : error;
}
