import { expect, it } from "vitest";
import { FAULT_CODES } from "../../src/faults/fault.ts";
import { readSource, type Source } from "./sources.ts";

const PAGE = "docs/operations.md";

/** Codes without a paragraph (a heading with the code, and text below it), and paragraphs without a code. */
function differences(codes: string[], { text }: Source): { missing: string[]; stale: string[] } {
  const described = [...text.matchAll(/^#+ `([A-Z_]+)`[^\n]*\n+(?!#)\S/gm)].map((found) => found[1]!);
  return {
    missing: codes.filter((code) => !described.includes(code)),
    stale: described.filter((code) => !codes.includes(code)),
  };
}

it("has a paragraph in docs/operations.md for every fault code, and for no other", () => {
  expect(differences(Object.keys(FAULT_CODES), readSource(PAGE)), `edit ${PAGE}`).toEqual({ missing: [], stale: [] });
});

it("sees a code without a paragraph, and a paragraph of no code", () => {
  const text = "### `USAGE`\n\nA flag.\n\n### `INTERNAL`\n\n### `GONE`\n\nOld.\n";
  expect(differences(["USAGE", "INTERNAL"], { path: PAGE, text })).toEqual({ missing: ["INTERNAL"], stale: ["GONE"] });
});
