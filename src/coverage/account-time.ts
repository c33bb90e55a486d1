import type { WindowTable } from "../windows/series.ts";
import { accountHops, type WindowFates } from "./account-hops.ts";
import { accountRows } from "./account-rows.ts";
import type { TimeEntry } from "./time-account.ts";

/** The ledger of a flight: what became of all of its recorded time, to the nanosecond. */
export function accountTime(table: Pick<WindowTable, "recorded" | "starts">, windows: WindowFates): TimeEntry[] {
  const { recorded, starts } = table;
  return recorded.kind === "hops" ? accountHops(recorded, windows) : accountRows(starts, recorded, windows);
}
