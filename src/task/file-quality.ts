import type { Recipe } from "../features/recipe.ts";
import type { ModelBundle } from "../model/bundle.ts";
import { findInFile } from "../quality/find-in-file.ts";
import { findInFlight } from "../quality/find-in-flight.ts";
import type { QualityFinding } from "../quality/finding.ts";
import { seriesOfLists } from "../quality/list-series.ts";
import { findModelUnits } from "../quality/model-units.ts";
import { inOrder } from "../quality/strict.ts";
import type { Recording } from "../recording/recording.ts";
import type { PreparedFile } from "./feature-cache.ts";

/** What is odd in a recording, whatever the model. Reads its values, so it comes before the table is released. */
export function recordingQuality(recording: Recording, recipe: Recipe): QualityFinding[] {
  const inFile = findInFile({ ...recording.counts, ...recording.oddities }, recording.flights);
  if (recording.kind === "features") return inFile;
  const flights =
    recording.kind === "processed"
      ? recording.flights.map((flight) => ({ ...flight, input: seriesOfLists(flight.input) }))
      : recording.flights;
  return [...flights.flatMap((flight) => findInFlight(flight, recipe)), ...inFile];
}

/** All findings of a file, those by what the model was trained on too, in the order of their checks. A signal's unit is doubted once. */
export function fileQuality(
  { quality, tables }: PreparedFile,
  { recipe, scaler, featureOrder }: ModelBundle,
): QualityFinding[] {
  const order = recipe.features.map(({ name }) => featureOrder.indexOf(name));
  const inRecipesOrder = (values: readonly number[]) => order.map((j) => values[j]!);
  const trained = {
    kind: scaler.kind,
    scale: inRecipesOrder(scaler.scale),
    typical: inRecipesOrder(scaler.typical),
  };
  const isDoubted = ({ signal, aircraftId, flightId }: QualityFinding) =>
    quality.some(
      (own) =>
        own.check === "units" && own.signal === signal && own.aircraftId === aircraftId && own.flightId === flightId,
    );
  return inOrder([...quality, ...findModelUnits(tables, recipe, trained).filter((found) => !isDoubted(found))]);
}
