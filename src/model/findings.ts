import { printable } from "./printable.ts";

/** What is wrong with a bundle (it cannot be run) and what is odd (it can). One sentence each, beginning with the file. */
export interface Findings {
  errors: string[];
  warnings: string[];
}

/** Notes the findings about one file. Names and values in them come from files: what a terminal would obey is taken out. */
export class FileFindings {
  readonly #file: string;
  readonly #sink: Findings;

  constructor(file: string, sink: Findings) {
    this.#file = file;
    this.#sink = sink;
  }

  error(text: string): void {
    this.#sink.errors.push(printable(`${this.#file}: ${text}`, 600));
  }

  warn(text: string): void {
    this.#sink.warnings.push(printable(`${this.#file}: ${text}`, 600));
  }

  /** Errors so far, of all files of the bundle. */
  get errorCount(): number {
    return this.#sink.errors.length;
  }
}
