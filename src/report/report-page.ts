import type { Page } from "../page/page.ts";
import { coveragePart } from "./coverage-part.ts";
import { flightPart } from "./flight-part.ts";
import { foundPart } from "./found-part.ts";
import { headlineOf } from "./headline.ts";
import { makingPart } from "./making-part.ts";
import type { Report } from "./model.ts";

/** The page of a report: what was looked at and what not, what was found, flights in depth, how it was made. */
export function reportPage(report: Report): Page {
  const { date_range } = report.fleet.summary;
  const days =
    date_range === null
      ? "nothing scored"
      : date_range[0] === date_range[1]
        ? date_range[0]
        : `${date_range[0]} to ${date_range[1]}`;
  return {
    title: "Fleet health report",
    subtitle: `${report.resultsPath}: ${report.model ?? "an unknown model"}, ${days} (UTC)`,
    headline: headlineOf(report),
    parts: [coveragePart(report), foundPart(report), flightPart(report), makingPart(report)],
    generator: `flightbatch ${report.making.flightbatch}, ${report.making.madeAt}`,
  };
}
