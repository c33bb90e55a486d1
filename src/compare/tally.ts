import type { ExplainedFlip, PartTotal } from "./attribution.ts";
import type { FlipKind } from "./comparison.ts";

/** Sums over the flips of a group, a number per part. */
interface Sums extends Record<FlipKind, Float64Array> {
  alone: Float64Array;
}

/** Sums of shares by part and direction, of groups of flips. */
export class Tally {
  readonly #parts: readonly string[];
  readonly #groups = new Map<string, Sums>();

  constructor(parts: readonly string[]) {
    this.#parts = parts;
  }

  /** Adds a flip to a group. */
  add(group: string, kind: FlipKind, { shares, alone }: ExplainedFlip): void {
    const sums = this.#groups.get(group) ?? this.#none();
    this.#groups.set(group, sums);
    for (let i = 0; i < shares.length; i++) {
      sums[kind][i] = sums[kind][i]! + shares[i]!;
      sums.alone[i] = sums.alone[i]! + alone[i]!;
    }
  }

  /** The totals of a group by part; all 0 for one without a flip. */
  totals(group: string): Record<string, PartTotal> {
    const sums = this.#groups.get(group) ?? this.#none();
    const flips = this.#parts.map((_, i) => sums.normal_to_anomaly[i]! + sums.anomaly_to_normal[i]!);
    const all = flips.reduce((sum, count) => sum + count, 0);
    return Object.fromEntries(
      this.#parts.map((part, i) => [
        part,
        {
          normal_to_anomaly: tidy(sums.normal_to_anomaly[i]!),
          anomaly_to_normal: tidy(sums.anomaly_to_normal[i]!),
          flips: tidy(flips[i]!),
          share: all === 0 ? 0 : tidy(flips[i]! / all),
          alone: sums.alone[i]!,
        },
      ]),
    );
  }

  /** The totals of each group, in the order of their coming. */
  byGroup(): Record<string, Record<string, PartTotal>> {
    return Object.fromEntries([...this.#groups.keys()].map((group) => [group, this.totals(group)]));
  }

  #none(): Sums {
    const zeros = () => new Float64Array(this.#parts.length);
    return { normal_to_anomaly: zeros(), anomaly_to_normal: zeros(), alone: zeros() };
  }
}

/** Sums of sixths and such as a reader expects them: 1, not 0.9999999999999998. */
function tidy(value: number): number {
  return Number(value.toFixed(9)) + 0;
}
