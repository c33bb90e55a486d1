import type { Segments } from "../windows/segments.ts";
import { samplesPerWindow } from "../windows/segments.ts";
import type { Samples } from "../windows/series.ts";
import { type CentralMoments, centralMoments, centralMomentsOfWindows, type MomentOrder } from "./central-moments.ts";
import {
  type BasicSums,
  basicSums,
  type Extremes,
  extremesOf,
  extremesOfWindows,
  sumsOfWindows,
} from "./segment-sums.ts";

/** One signal in the windows of a flight, with the sums that several features share, each made when first asked for. */
export class WindowStats {
  readonly samples: Samples;
  readonly segments: Segments;
  /** Nominal time between samples of each window, nanoseconds. */
  readonly stepsNs: Float64Array;
  #bySegment: BasicSums | undefined;
  #byWindow: BasicSums | undefined;
  #extremes: Extremes | undefined;
  #counts: Int32Array | undefined;
  #moments: { order: MomentOrder; values: CentralMoments } | undefined;

  constructor(samples: Samples, segments: Segments, stepsNs: Float64Array) {
    this.samples = samples;
    this.segments = segments;
    this.stepsNs = stepsNs;
  }

  /** Samples per window. */
  get counts(): Int32Array {
    this.#counts ??= samplesPerWindow(this.segments);
    return this.#counts;
  }

  /** Sums per segment. */
  get segmentSums(): BasicSums {
    this.#bySegment ??= basicSums(this.samples.values, this.segments);
    return this.#bySegment;
  }

  /** Sums per window. */
  get sums(): BasicSums {
    this.#byWindow ??= sumsOfWindows(this.segmentSums, this.segments);
    return this.#byWindow;
  }

  /** Extremes per window. */
  get extremes(): Extremes {
    this.#extremes ??= extremesOfWindows(extremesOf(this.samples.values, this.segments), this.segments);
    return this.#extremes;
  }

  /** Central moments per window; all 0 where the signal is constant, which rounding would hide. */
  moments(order: MomentOrder): CentralMoments {
    if (this.#moments === undefined || this.#moments.order < order) {
      const given = { sum: this.segmentSums.sum, order };
      const values = centralMomentsOfWindows(centralMoments(this.samples.values, this.segments, given), this.segments);
      this.#clearConstant(values);
      this.#moments = { order, values };
    }
    return this.#moments.values;
  }

  #clearConstant(moments: CentralMoments): void {
    const { min, max } = this.extremes;
    for (let w = 0; w < min.length; w++) {
      if (min[w] !== max[w]) continue;
      moments.second[w] = 0;
      moments.third[w] = 0;
      moments.fourth[w] = 0;
    }
  }
}
