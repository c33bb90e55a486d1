import { expect, it } from "vitest";
import { type Source, typescriptBelow } from "./sources.ts";

const MOST_FILE_LINES = 300;
const MOST_FUNCTION_LINES = 60;

/** Files and functions (`path` or `path:name`) that may be longer, each with its reason. */
const EXEMPTIONS: Record<string, string> = {
  "test/filter/parse-filter.test.ts":
    "a table of examples for each rule of the grammar; apart they would be harder to compare",
};

interface FoundFunction {
  name: string;
  lines: number;
}

const STARTS = [
  /^(?:export )?(?:async )?function\*? (\w+)/,
  /^(?:export )?const (\w+)(?:: [^=]+)? = (?:async )?(?:function\b|(?:<.*>)?\(.*|\w+ =>)/,
  /^(?:(?:public|private|protected|static|override|readonly|async|get|set|\*) ?)*(#?\w+)(?:<.*>)?\((?!.*(?:;|=> \{)$)/,
];
const NO_FUNCTIONS = new Set(["if", "for", "while", "switch", "catch", "return", "expect", "it", "describe"]);

/** Named functions and methods. The formatter puts the end of each at the indentation of its beginning. */
function functionsIn({ text }: Source): FoundFunction[] {
  const lines = text.split("\n");
  return lines.flatMap((line, i) => {
    const bare = line.trimStart();
    const indent = line.slice(0, line.length - bare.length);
    const name = STARTS.map((start) => start.exec(bare)?.[1]).find((found) => found !== undefined);
    if (name === undefined || NO_FUNCTIONS.has(name)) return [];
    const body = bodyStart(lines.slice(i), indent);
    if (body === -1) return [];
    const isEnd = (one: string) => one.startsWith(`${indent}}`) && /^\}[;,)]*$/.test(one.trim());
    const end = lines.findIndex((one, k) => k > i + body && isEnd(one));
    return end === -1 ? [] : [{ name, lines: end - i + 1 }];
  });
}

/** Which of the lines opens the body: the first, or the one that closes the parameters. -1: it has none. */
function bodyStart(lines: string[], indent: string): number {
  if (lines[0]!.endsWith("{") && !/\(\{$/.test(lines[0]!)) return 0;
  const close = lines.findIndex((one, k) => k > 0 && !one.startsWith(`${indent} `));
  return /^(?:\}.*)?\)(?::| =>| \{)/.test(lines[close]?.trimStart() ?? "") && lines[close]!.endsWith("{") ? close : -1;
}

function tooLarge(sources: Source[]): string[] {
  return sources.flatMap((source) => {
    const fileLines = source.text.trimEnd().split("\n").length;
    const file = fileLines > MOST_FILE_LINES ? [{ key: source.path, lines: fileLines }] : [];
    const functions = functionsIn(source)
      .filter(({ lines }) => lines > MOST_FUNCTION_LINES)
      .map(({ name, lines }) => ({ key: `${source.path}:${name}`, lines }));
    return [...file, ...functions]
      .filter(({ key }) => !(key in EXEMPTIONS))
      .map(({ key, lines }) => `${key} has ${lines} lines`);
  });
}

const sources = ["src", "kernels", "bench", "test"]
  .flatMap(typescriptBelow)
  .filter(({ path }) => !path.includes("/dist/") && !path.includes("node_modules"));

it(`keeps files within ${MOST_FILE_LINES} lines and functions within ${MOST_FUNCTION_LINES}`, () => {
  expect(tooLarge(sources)).toEqual([]);
});

it("exempts only what is there", () => {
  const known = sources.flatMap((source) => [
    source.path,
    ...functionsIn(source).map(({ name }) => `${source.path}:${name}`),
  ]);
  expect(Object.keys(EXEMPTIONS).filter((key) => !known.includes(key))).toEqual([]);
});

it("measures functions, methods and arrows, also where their parameters take several lines", () => {
  const text = `export async function first({
  a,
}: Options): Promise<void> {
  if (a) {
    b();
  }
}

class Second {
  #third(
    a: number,
  ): void {
    a();
  }
}

const fourth = (a: number) => {
  a();
};
`;
  expect(functionsIn({ path: "", text })).toEqual([
    { name: "first", lines: 7 },
    { name: "#third", lines: 5 },
    { name: "fourth", lines: 3 },
  ]);
});

it("sees what is too long", () => {
  const body = "  a();\n".repeat(MOST_FILE_LINES);
  expect(tooLarge([{ path: "src/a.ts", text: `function long() {\n${body}}\n` }])).toEqual([
    "src/a.ts has 302 lines",
    "src/a.ts:long has 302 lines",
  ]);
});
