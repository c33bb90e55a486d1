import { renderPage } from "../../page/render-page.ts";
import type { Comparison } from "../comparison.ts";
import { comparePage } from "./compare-page.ts";

/** A comparison as one HTML document. */
export function comparisonAsPage(comparison: Comparison): string {
  return renderPage(comparePage(comparison));
}
