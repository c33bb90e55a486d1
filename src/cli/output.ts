/** Where a command writes: its answer to `out`, all else (progress, warnings, errors) to `err`. */
export interface Terminal {
  out: { write(text: string): unknown; isTTY?: boolean };
  err: { write(text: string): unknown; isTTY?: boolean };
}
