import type { WindowTable } from "../windows/series.ts";
import { accountHops, type WindowFates } from "./account-hops.ts";
import { accountRows } from "./account-rows.ts";
import type { TimeEntry } from "./time-account.ts";

type RecordedTable = Pick<WindowTable, "recorded" | "starts">;

/** The ledger of a flight: what became of all of its recorded time, to the nanosecond. */
export function accountTime({ recorded, starts }: RecordedTable, windows: WindowFates): TimeEntry[] {
  return recorded.kind === "hops" ? accountHops(recorded, windows) : accountRows(starts, recorded, windows);
}

/** Nanoseconds that were recorded of a flight: what its ledger adds up to. */
export function recordedNs({ recorded, starts }: RecordedTable): number {
  if (recorded.kind === "hops") return recorded.spanNs;
  let sum = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < starts.length; row++) {
    const end = recorded.ends[row]!;
    if (!(end > reached)) continue;
    sum += end - Math.max(starts[row]!, reached);
    reached = end;
  }
  return sum;
}
