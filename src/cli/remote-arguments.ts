import type { Command } from "commander";
import { isRemote } from "../io/storage/address.ts";
import type { Terminal } from "./output.ts";
import type { RemoteResults } from "./remote-results.ts";

/** Commands that read results: which option names them, or else all arguments but so many. */
const READERS: Record<string, { option?: string; others?: number }> = {
  aggregate: { option: "input" },
  compare: {},
  verify: {},
  events: {},
  retune: { others: 1 },
  report: {},
};

let fetched: RemoteResults | null = null;

/** A text of the command under way, with addresses where it names places that results were fetched to. */
export function nameAddresses(text: string): string {
  return fetched?.nameAddresses(text) ?? text;
}

/** Lets commands that read results be given addresses of an object store. Returns the terminal that they are to write to. */
export function takeAddresses(program: Command, terminal: Terminal): Terminal {
  program.hook("preAction", async (_, command) => {
    fetched = null;
    const reader = READERS[command.name()];
    if (reader === undefined) return;
    const inOption = reader.option === undefined ? [] : (command.opts()[reader.option] as string[]);
    const others = command.processedArgs.slice(0, reader.others ?? 0);
    const named = command.processedArgs.slice(others.length);
    if (![...inOption, ...named].flat().some(isAddress)) return;
    const { RemoteResults } = await import("./remote-results.ts");
    const results = new RemoteResults();
    fetched = results;
    const fetchEach = async (values: readonly unknown[]): Promise<unknown[]> => {
      const places: unknown[] = [];
      for (const value of values) {
        if (Array.isArray(value)) places.push(await fetchEach(value));
        else places.push(isAddress(value) ? await results.fetch(value) : value);
      }
      return places;
    };
    if (reader.option !== undefined) command.setOptionValue(reader.option, await fetchEach(inOption));
    // The action is given this very array.
    command.processedArgs.splice(0, command.processedArgs.length, ...others, ...(await fetchEach(named)));
  });
  program.hook("postAction", async (_, command) => fetched?.finish(command.opts().output as string | undefined));
  const channel = (of: Terminal["out"]) => ({
    write: (text: string) => of.write(nameAddresses(text)),
    get isTTY() {
      return of.isTTY === true;
    },
  });
  return { out: channel(terminal.out), err: channel(terminal.err) };
}

function isAddress(value: unknown): value is string {
  return typeof value === "string" && isRemote(value);
}
