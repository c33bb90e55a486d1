import { Command } from "commander";
import { expect, it } from "vitest";
import { makeProgram } from "../../src/cli/program.ts";
import { readSource, type Source } from "./sources.ts";

const PAGE = "docs/cli.md";
const SILENT = { out: { write: () => true }, err: { write: () => true } };

/** `command` and `command --flag`, of every command with its other names. */
function entriesOf(program: Command): string[] {
  return program.commands.flatMap((command) => [
    command.name(),
    ...command.aliases(),
    ...command.options.map(({ long, short }) => `${command.name()} ${long ?? short}`),
  ]);
}

/** The same from the page: headings `## command, other-name`, flags in the first cells of the tables below. */
function entriesIn({ text }: Source): string[] {
  return text.split(/^## /m).flatMap((section) => {
    const [heading, ...lines] = section.split("\n");
    const names = [...heading!.matchAll(/`(?:flightbatch )?([a-z][a-z-]*)`/g)].map((found) => found[1]!);
    if (names.length === 0) return [];
    const flags = lines.flatMap((line) => /^\| `(--[a-z-]+)/.exec(line)?.[1] ?? []);
    return [...names, ...flags.map((flag) => `${names[0]} ${flag}`)];
  });
}

function differences(program: Command, page: Source): { missing: string[]; stale: string[] } {
  const [real, written] = [entriesOf(program), entriesIn(page)];
  return {
    missing: real.filter((entry) => !written.includes(entry)),
    stale: written.filter((entry) => !real.includes(entry)),
  };
}

it("documents every command and flag in docs/cli.md, and no other", () => {
  const program = makeProgram(SILENT, () => {});
  expect(differences(program, readSource(PAGE)), `edit ${PAGE}`).toEqual({ missing: [], stale: [] });
});

it("gives every command and flag a line of help", () => {
  const { commands } = makeProgram(SILENT, () => {});
  const silent = commands.flatMap((command) => [
    ...(command.description() === "" ? [command.name()] : []),
    ...command.options.filter(({ description }) => description === "").map(({ long }) => `${command.name()} ${long}`),
  ]);
  expect(silent).toEqual([]);
});

it("sees a flag that is not documented, and one that does not exist", () => {
  const program = new Command("flightbatch");
  program.command("run").alias("run-batch").option("--new <n>").option("--known");
  const text = "# Commands\n\n## `flightbatch run`\n\n| `--known` | a |\n| `--old N` | b |\n\n## `flightbatch gone`\n";
  expect(differences(program, { path: PAGE, text })).toEqual({
    missing: ["run-batch", "run --new"],
    stale: ["run --old", "gone"],
  });
});
