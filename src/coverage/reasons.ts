/**
 * What became of a stretch of recorded time, as numbers: `scored`, or why not, in the order in which reasons are looked for. Reasons fall
 * into stages, by how far a window came that has them.
 */
export class Reasons {
  /** Names by number; those of a signal or a feature name it after a colon. */
  readonly names: readonly string[];
  readonly gap = 0;
  readonly scoreNotFinite: number;
  readonly filtered: number;
  readonly betweenWindows: number;
  readonly tail: number;
  readonly scored: number;
  readonly #signals: number;

  /** Of a recipe's signals and features, by name. */
  constructor(signals: readonly string[], features: readonly string[]) {
    this.#signals = signals.length;
    this.names = [
      "gap",
      ...signals.map((name) => `sensor_error:${name}`),
      ...signals.map((name) => `out_of_range:${name}`),
      ...signals.map((name) => `low_coverage:${name}`),
      ...features.map((name) => `not_computable:${name}`),
      "score_not_finite",
      "filtered",
      "between_windows",
      "tail",
      "scored",
    ];
    this.scored = this.names.length - 1;
    this.tail = this.scored - 1;
    this.betweenWindows = this.scored - 2;
    this.filtered = this.scored - 3;
    this.scoreNotFinite = this.scored - 4;
  }

  /** A sample of the signal is disowned by its quality. */
  sensorError(signal: number): number {
    return 1 + signal;
  }

  /** A sample of the signal is outside its range. */
  outOfRange(signal: number): number {
    return 1 + this.#signals + signal;
  }

  /** The signal has too few samples. */
  lowCoverage(signal: number): number {
    return 1 + 2 * this.#signals + signal;
  }

  /** The feature cannot be computed, and the recipe says to skip its window. */
  notComputable(feature: number): number {
    return 1 + 3 * this.#signals + feature;
  }

  /** The signal of which a reason of {@link lowCoverage} is. */
  signalOf(lowCoverage: number): number {
    return lowCoverage - this.lowCoverage(0);
  }

  /** How far a window came that has this reason: 0 not covered, 1 features missing, 2 score not finite, 3 filtered, 4 scored. */
  stage(reason: number): number {
    if (reason < this.notComputable(0)) return 0;
    if (reason < this.scoreNotFinite) return 1;
    if (reason === this.scored) return 4;
    return reason === this.scoreNotFinite ? 2 : 3;
  }

  /** Of two reasons of windows the one that holds for time that both hold: that of the window that came further, of two as far the first. */
  further(a: number, b: number): number {
    const [stageA, stageB] = [this.stage(a), this.stage(b)];
    if (stageA !== stageB) return stageA > stageB ? a : b;
    return Math.min(a, b);
  }
}
