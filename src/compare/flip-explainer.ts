import { existsSync } from "node:fs";
import type { InputFile } from "../io/input-file.ts";
import type { ModelBundle } from "../model/bundle.ts";
import { type ModelSession, openSession } from "../model/session.ts";
import type { InputKind } from "../recording/recording.ts";
import { FeatureCache, type PreparedFile } from "../task/feature-cache.ts";
import { prepareInput } from "../task/score-file.ts";
import { Stopwatch } from "../task/stopwatch.ts";
import type { ExplainedFlip, Part } from "./attribution.ts";
import { hybridBundle, type Swaps, swapsBetween } from "./bundle-parts.ts";
import { decideFlips, type Flip, scoreFlips, type WindowScores } from "./hybrid-decisions.ts";
import { shapleyValues } from "./shapley.ts";
import type { Side } from "./side.ts";

/** Whose windows they are. */
export interface FlightName {
  aircraftId: string;
  flightId: string;
}

/** How recordings are read. */
export interface ReadingOptions {
  inputKind: InputKind | null;
  /** Folder of a feature cache, only read; null without one. */
  cacheDirectory: string | null;
}

/** Takes what the run kept, and keeps nothing itself. */
class KeptFeatures extends FeatureCache {
  override async put(): Promise<string | null> {
    return null;
  }
}

/** Shares flips out among the parts of two bundles. */
export class FlipExplainer {
  readonly swaps: Swaps;
  readonly #bundles: Record<Side, ModelBundle>;
  readonly #sessions: Record<Side, ModelSession>;
  readonly #inputKind: InputKind | null;
  readonly #cache: FeatureCache | null;

  private constructor(
    bundles: Record<Side, ModelBundle>,
    sessions: Record<Side, ModelSession>,
    options: ReadingOptions,
  ) {
    this.swaps = swapsBetween(bundles.a, bundles.b);
    this.#bundles = bundles;
    this.#sessions = sessions;
    this.#inputKind = options.inputKind;
    const { cacheDirectory } = options;
    this.#cache = cacheDirectory !== null && existsSync(cacheDirectory) ? new KeptFeatures(cacheDirectory) : null;
  }

  /** Opens both models. @throws Fault BUNDLE_INVALID */
  static async open(bundles: Record<Side, ModelBundle>, options: ReadingOptions): Promise<FlipExplainer> {
    const open = ({ directory, digests }: ModelBundle) => openSession(directory, { reconstruction: true, digests });
    return new FlipExplainer(bundles, { a: await open(bundles.a), b: await open(bundles.b) }, options);
  }

  /** Frees both models. */
  async close(): Promise<void> {
    await this.#sessions.a.close();
    await this.#sessions.b.close();
  }

  /**
   * Each flip of a flight shared out; null for one whose window the file has not, or that the bundles decide otherwise than the results say.
   * @throws Fault if the file cannot be read
   */
  async explain(file: InputFile, flight: FlightName, flips: readonly Flip[]): Promise<(ExplainedFlip | null)[]> {
    const n = this.swaps.players.length;
    const decisions = await this.#decideAll(file, flight, flips);
    return flips.map(({ anomalyA, anomalyB }, i) => {
      const worth = decisions.map((decided) => decided[i]!);
      if (worth[0] !== Number(anomalyA) || worth.at(-1) !== Number(anomalyB)) return null;
      const direction = Number(anomalyB) - Number(anomalyA);
      return {
        shares: shapleyValues(n, worth).map((value) => value / direction),
        alone: Array.from({ length: n }, (_, player) => Number(worth[1 << player] === worth.at(-1))),
      };
    });
  }

  /** By coalition (bit i: swap i is made), the decision on each flip; NaN for both ends where there is no score. */
  async #decideAll(file: InputFile, flight: FlightName, flips: readonly Flip[]): Promise<ArrayLike<number>[]> {
    const scored = new Map<string, WindowScores>();
    const prepared = new Map<ModelBundle["recipe"], PreparedFile | null>();
    const decisions: ArrayLike<number>[] = [];
    const last = (1 << this.swaps.players.length) - 1;
    for (let mask = 0; mask <= last; mask++) {
      const fromB = this.#partsOf(mask);
      const bundle = hybridBundle(this.#bundles.a, this.#bundles.b, fromB);
      const scoring = [...fromB].filter((part) => part !== "thresholds").join();
      let scores = scored.get(scoring);
      if (scores === undefined) {
        if (!prepared.has(bundle.recipe)) prepared.set(bundle.recipe, await this.#prepare(file, bundle));
        const session = this.#sessions[fromB.has("network") ? "b" : "a"];
        scores = await scoreFlight(prepared.get(bundle.recipe)!, { flight, flips, bundle, session });
        scored.set(scoring, scores);
      }
      const decided = decideFlips(scores, bundle.thresholds);
      // At the ends a window without a score is not the result's; in between it raises no alarm.
      const isEnd = mask === 0 || mask === last;
      decisions.push(
        isEnd ? Float64Array.from(decided, (d, i) => (Number.isNaN(scores.scores[i]) ? Number.NaN : d)) : decided,
      );
    }
    return decisions;
  }

  #partsOf(mask: number): Set<Part> {
    return new Set(this.swaps.players.flatMap(({ parts }, i) => (((mask >> i) & 1) === 1 ? parts : [])));
  }

  #prepare(file: InputFile, bundle: ModelBundle): Promise<PreparedFile | null> {
    return prepareInput(file, {
      bundle,
      run: this.#sessions.a.run,
      batchSize: 1,
      filter: null,
      inputKind: this.#inputKind,
      cache: this.#cache,
      stopwatch: new Stopwatch(),
    });
  }
}

interface FlightScoring {
  flight: FlightName;
  flips: readonly Flip[];
  bundle: ModelBundle;
  session: ModelSession;
}

async function scoreFlight(
  prepared: PreparedFile | null,
  { flight, flips, bundle, session }: FlightScoring,
): Promise<WindowScores> {
  const table = prepared?.tables.find(
    ({ aircraftId, flightId }) => aircraftId === flight.aircraftId && flightId === flight.flightId,
  );
  if (table !== undefined) return scoreFlips(table, flips, { bundle, run: session.run });
  return { scores: new Float64Array(flips.length).fill(Number.NaN), phaseSets: new Uint8Array(flips.length) };
}
