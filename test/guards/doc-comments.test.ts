import { expect, it } from "vitest";
import { type Source, typescriptBelow } from "./sources.ts";

const EXPORTED =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|class|interface|type|const|let|enum) (\w+)/;

/** Exported symbols without a doc comment right above them; of overloads the first must have it. */
function undocumented({ path, text }: Source): string[] {
  const lines = text.split("\n");
  const seen = new Set<string>();
  return lines.flatMap((line, i) => {
    const name = EXPORTED.exec(line)?.[1];
    if (name === undefined || seen.has(name)) return [];
    seen.add(name);
    return lines[i - 1]?.trimEnd().endsWith("*/") ? [] : [`${path}:${i + 1} ${name}`];
  });
}

it("documents every exported symbol", () => {
  expect(typescriptBelow("src").flatMap(undocumented)).toEqual([]);
});

it("sees an export without a comment", () => {
  const text = `/** Documented. */
export const a = 1;

export type B = string;

// Not a doc comment.
export async function c(): Promise<void> {}
`;
  expect(undocumented({ path: "src/x.ts", text })).toEqual(["src/x.ts:4 B", "src/x.ts:7 c"]);
});
