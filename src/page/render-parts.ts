import type { Tone } from "./chart.ts";
import { type Html, html } from "./html.ts";

const MARKS: Record<Tone, [mark: string, words: string]> = {
  good: ["\u2713", "Good: "],
  warning: ["\u25b2", "Warning: "],
  bad: ["\u25b2\u25b2", "Serious: "],
  missing: ["\u2298", "Not examined: "],
  neutral: ["\u2139", "Note: "],
};

/** A tone as a sign to see and words to hear, as colour alone says nothing to many. A `headline` speaks of all, of which a part may be examined. */
export function toneMark(tone: Tone | undefined, of?: "headline"): Html | null {
  if (tone === undefined) return null;
  const [mark, usual] = MARKS[tone];
  const words = tone === "missing" && of === "headline" ? "Not all examined: " : usual;
  return html`<span class="mark" aria-hidden="true">${mark}</span><span class="heard">${words}</span>`;
}
