import type { DataSetTally } from "../dataset/commit.ts";
import type { EventTotals } from "../eventfiles/events-of-results.ts";
import type { FaultDetail } from "../faults/fault.ts";
import type { FileReport } from "../results/reports.ts";
import type { Summary } from "../results/summary.ts";
import type { DataSetPlan } from "./data-set/plan-data-set.ts";
import type { RunReport } from "./run-report.ts";
import type { TasksEnd } from "./run-tasks.ts";

/** What a run leaves: files on disk, and this. */
export interface RunResult {
  /** The results file, and the folder with all about the run. */
  output: string;
  runDirectory: string;
  summary: Summary;
  report: RunReport;
  files: FileReport[];
  /** Every failure: files, folders that could not be listed, windows whose key is not their own. */
  failures: FaultDetail[];
  /** How it ended: unless `whole`, there are no new results, what is done is kept, and the same call carries on. */
  end: TasksEnd;
  /**
   * How a data set changed; null where the output is a file, and of a run that is not whole. `isAsBefore`: there was nothing to do, and what
   * the run folder tells of the run before stays, where it is of this data set.
   */
  dataSet: (DataSetTally & Pick<DataSetPlan, "unchanged" | "vanished"> & { isAsBefore: boolean }) | null;
  /** What came of looking for events (`events.parquet`); null unless asked for, and of a run that is not whole. */
  events: EventTotals | null;
}
