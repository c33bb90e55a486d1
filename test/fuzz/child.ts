import { Corpus } from "./corpus.ts";
import { Examiner } from "./examine.ts";

/** Asked for: variants from one number to another (exclusive) of a seed. */
export interface Order {
  fixtures: string;
  seed: number;
  from: number;
  to: number;
}

/** Told before each variant, and of each that is done. */
export type News =
  | { kind: "begun"; index: number; name: string; how: string }
  | { kind: "done"; index: number; form: string; outcome: string; wrong: string | null; ms: number; peakBytes: number };

/** A process that examines variants until it is through, or dies of one. */
async function work({ fixtures, seed, from, to }: Order): Promise<void> {
  const corpus = new Corpus(fixtures, seed);
  const examiner = await Examiner.open(fixtures);
  const tell = (news: News) => new Promise<void>((told) => process.send?.(news, () => told()));
  for (let index = from; index < to; index++) {
    const variant = corpus.variant(index);
    await tell({ kind: "begun", index, name: variant.name, how: variant.how });
    const begun = performance.now();
    const { outcome, wrong } = await examiner.examine(variant);
    const peakBytes = process.resourceUsage().maxRSS * 1024;
    await tell({ kind: "done", index, form: variant.form, outcome, wrong, ms: performance.now() - begun, peakBytes });
  }
  examiner.close();
  process.disconnect();
}

process.once("message", (order: Order) => void work(order));
