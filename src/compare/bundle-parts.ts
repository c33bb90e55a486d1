import type { ModelBundle } from "../model/bundle.ts";
import { FLIGHT_PHASES, thresholdOfPhase } from "../verdict/thresholds.ts";
import { PARTS, type Part } from "./attribution.ts";

/** What is swapped at once: a part, or several that only work together. */
export interface Player {
  /** `network`, or `network+scaler+recipe`. */
  name: string;
  parts: Part[];
}

/** What is to be swapped between two bundles, and why parts were taken together, if so. */
export interface Swaps {
  players: Player[];
  takenTogether: string | null;
}

/** Files whose content shows in another part of the bundle, or in none. */
const NOT_OF_NETWORK = new Set([
  "scaler.pkl",
  "preprocess.yaml",
  "thresholds.yaml",
  "signature.json",
  "recipe",
  "bundle",
]);

/** The parts that differ. A part that is the same makes no flip. */
export function differingParts(a: ModelBundle, b: ModelBundle): Part[] {
  const facts = (bundle: ModelBundle): Record<Part, unknown> => ({
    network: [networkDigests(bundle), bundle.featureOrder],
    // By name: the same numbers in another order are the same scaler.
    scaler: [scalerByName(bundle), bundle.scaler.clip],
    thresholds: [
      ...FLIGHT_PHASES.map((_, code) => thresholdOfPhase(bundle.thresholds, code)),
      bundle.thresholds.default,
    ],
    recipe: bundle.digests.recipe,
  });
  const [ofA, ofB] = [facts(a), facts(b)];
  return PARTS.filter((part) => JSON.stringify(ofA[part]) !== JSON.stringify(ofB[part]));
}

/** What can be swapped: each differing part alone where both bundles are about the same features, else all but the thresholds together. */
export function swapsBetween(a: ModelBundle, b: ModelBundle): Swaps {
  const parts = differingParts(a, b);
  const missing = namesOnlyIn(a, b);
  const added = namesOnlyIn(b, a);
  if (missing.length + added.length === 0)
    return { players: parts.map((part) => ({ name: part, parts: [part] })), takenTogether: null };
  const model = parts.filter((part) => part !== "thresholds");
  const others = parts.filter((part) => part === "thresholds");
  return {
    players: [model, others]
      .filter((group) => group.length > 0)
      .map((group) => ({ name: group.join("+"), parts: group })),
    takenTogether: `the bundles are about other features (only A: ${missing.join(", ") || "none"}; only B: ${added.join(", ") || "none"})`,
  };
}

/** The bundle of A with some parts of B; both are to be about the same features, or all but the thresholds to be of one of them. */
export function hybridBundle(a: ModelBundle, b: ModelBundle, fromB: ReadonlySet<Part>): ModelBundle {
  const of = (part: Part) => (fromB.has(part) ? b : a);
  const { featureOrder, model, directory } = of("network");
  const scaler = of("scaler");
  return {
    ...a,
    directory,
    model,
    featureOrder,
    scaler: reorderScaler(scaler, featureOrder),
    thresholds: of("thresholds").thresholds,
    recipe: of("recipe").recipe,
    digests: of("recipe").digests,
  };
}

function reorderScaler({ scaler, featureOrder }: ModelBundle, order: readonly string[]): ModelBundle["scaler"] {
  const places = order.map((name) => featureOrder.indexOf(name));
  const pick = (values: number[]) => places.map((place) => values[place]!);
  return { ...scaler, center: pick(scaler.center), scale: pick(scaler.scale), typical: pick(scaler.typical) };
}

function networkDigests({ digests }: ModelBundle): [string, string][] {
  const entries = Object.entries(digests).filter(([name]) => !NOT_OF_NETWORK.has(name));
  return entries.sort(([x], [y]) => (x < y ? -1 : 1));
}

function scalerByName({ scaler, featureOrder }: ModelBundle): [string, number, number, number][] {
  const rows = featureOrder.map((name, i): [string, number, number, number] => [
    name,
    scaler.center[i]!,
    scaler.scale[i]!,
    scaler.typical[i]!,
  ]);
  return rows.sort(([x], [y]) => (x < y ? -1 : 1));
}

function namesOnlyIn(a: ModelBundle, b: ModelBundle): string[] {
  return a.featureOrder.filter((name) => !b.featureOrder.includes(name));
}
