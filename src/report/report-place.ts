import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { Fault } from "../faults/fault.ts";

/**
 * Where the report of results goes: `output`, by default `report.html` in the folder of their run, or `<stem>.report.html` where that is not
 * there; a data set is named with or without a slash. It does not have to be there yet for a run that is still to come: `isRun`.
 * @throws Fault `USAGE` for a name that cannot be meant
 */
export function reportPlace(results: string, output?: string, isRun = false): string {
  const stem = results.replace(/(?<=.)\/+$|\.(?:parquet|csv|csv\.gz|jsonl|json)$/i, "");
  const usual = isRun || existsSync(`${stem}.run`) ? join(`${stem}.run`, "report.html") : `${stem}.report.html`;
  const place = output ?? usual;
  const isSame = existsSync(place) && existsSync(results) && realpathSync(place) === realpathSync(results);
  if (/[^/]\.html?$/i.test(place) && !isSame) return place;
  throw new Fault({
    code: "USAGE",
    path: `--output ${place}`,
    found: isSame ? "the results themselves" : "a name with another ending",
    expected: "a file name that ends in .html",
    hint: "Name the page so, or leave it out for the usual place.",
  });
}
