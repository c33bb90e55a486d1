import { cleanText } from "./clean-text.ts";

/** A piece of HTML that is safe to put into a page: made by {@link html} alone, from which all foreign text comes out escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: text and numbers are escaped, pieces of HTML are put in, nothing comes of null and false. */
export type HtmlValue = string | number | Html | null | undefined | false | readonly HtmlValue[];

/** A template of HTML in which every value is escaped that is not HTML itself. Attributes have to stand in double quotes. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(strings.map((text, i) => text + textOf(values[i])).join(""));
}

function textOf(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(textOf).join("");
  return escapeHtml(String(value));
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as it has to stand in HTML, in quoted attributes too. */
export function escapeHtml(text: string): string {
  return cleanText(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/**
 * A value as JSON for the inside of a `<script>` element: nothing in it can end the element, open a comment or another script, or end a line.
 * Its texts are cleaned as those of the page are.
 */
export function embedJson(value: unknown): Html {
  const json = JSON.stringify(value, (_, part: unknown) => (typeof part === "string" ? cleanText(part) : part));
  return new Html(
    json.replace(/[<>&\u2028\u2029]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
}
