import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { Fault } from "../faults/fault.ts";
import { writeFileAtomic } from "../io/atomic-write.ts";
import { groupTable } from "./group-table.ts";
import type { SettledAggregate } from "./options.ts";
import type { PageSource } from "./page/aggregate-page.ts";
import type { Summarised } from "./summary.ts";
import { tableAsCsv, tableAsParquet } from "./write-table.ts";

/** Writes the summary in the form that its name says, whole or not at all. @throws Fault `OUTPUT_UNWRITABLE` */
export async function writeSummary(
  { output, format, groupBy, trend }: SettledAggregate,
  { summarised, ...source }: PageSource & { summarised: Summarised },
): Promise<void> {
  const table = () => groupTable(summarised, { groupBy, withTrend: trend !== null });
  const bytes = await {
    json: () => `${JSON.stringify(source.summary, null, 2)}\n`,
    csv: () => tableAsCsv(table()),
    parquet: () => tableAsParquet(table()),
    html: () => pageOf(source),
  }[format]();
  try {
    writeFileAtomic(output, bytes);
  } catch (error) {
    throw unwritable(output, error);
  }
}

/** Makes the folder of the summary, where there will also be what does not fit into memory. @throws Fault `OUTPUT_UNWRITABLE` */
export function makeFolder(output: string): void {
  try {
    mkdirSync(dirname(output), { recursive: true });
  } catch (error) {
    throw unwritable(dirname(output), error);
  }
}

async function pageOf(source: PageSource): Promise<string> {
  const [{ aggregatePage }, { renderPage }] = await Promise.all([
    import("./page/aggregate-page.ts"),
    import("../page/render-page.ts"),
  ]);
  return renderPage(aggregatePage(source));
}

function unwritable(path: string, error: unknown): Fault {
  const found = error instanceof Error ? error.message : String(error);
  const hint = "Choose another --output, or ask for permission.";
  return new Fault({
    code: "OUTPUT_UNWRITABLE",
    path,
    found,
    expected: "a place where the summary can be written",
    hint,
  });
}
