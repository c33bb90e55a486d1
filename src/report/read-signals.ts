import type { InputFile } from "../io/input-file.ts";
import { readSidecar } from "../io/read-sidecar.ts";
import type { ModelBundle } from "../model/bundle.ts";
import { fileIdentity } from "../recording/identity.ts";
import { readRecording, usableColumns } from "../recording/read-recording.ts";
import type { FlightLists, FlightSeries, InputKind, Recording } from "../recording/recording.ts";
import { openTable } from "../task/open-table.ts";
import type { Samples } from "../windows/series.ts";
import { MOST } from "./caps.ts";
import { decimate, type TimedValues } from "./decimate.ts";
import type { SignalTrace } from "./model.ts";
import type { Span } from "./trace-flight.ts";
import { epochMs } from "./words.ts";

/** What is wanted of a recording. */
export interface SignalQuestion {
  bundle: ModelBundle;
  inputKind: InputKind | null;
  aircraftId: string;
  flightId: string;
  /** The time whose signals are wanted. */
  around: Span;
}

/** What a recording holds of a flight. */
export interface RecordedFlight {
  /** From its first to its last row. */
  recorded: Span;
  signals: SignalTrace[];
}

/**
 * Reads a recording again and takes the signals around an event, as the model's recipe understands them: values that are no values are left
 * out, gaps are not filled. Null if the flight is not in it, or its rows are features, which are no signals.
 * @throws Fault for what is wrong with the file
 */
export async function readSignals(file: InputFile, question: SignalQuestion): Promise<RecordedFlight | null> {
  const { bundle, inputKind } = question;
  const usable = usableColumns(bundle.recipe);
  const sidecar = await readSidecar(file.path);
  const { table } = await openTable(file, { wanted: (name) => usable.has(name), onRead: () => {} });
  try {
    const identity = fileIdentity(file.path, sidecar.text);
    const options = { path: file.path, recipe: bundle.recipe, identity, kind: inputKind ?? undefined };
    return takeFlight(readRecording(table, options), question);
  } finally {
    table.release();
  }
}

function takeFlight(recording: Recording, question: SignalQuestion): RecordedFlight | null {
  const isIt = ({ aircraftId, flightId }: { aircraftId: string; flightId: string }) =>
    aircraftId === question.aircraftId && flightId === question.flightId;
  if (recording.kind === "features") return null;
  if (recording.kind === "processed") {
    const flight = recording.flights.find(isIt);
    return flight === undefined ? null : ofLists(flight, question);
  }
  const flight = recording.flights.find(isIt);
  return flight === undefined ? null : ofSeries(flight, question);
}

function ofSeries({ originNs, input }: FlightSeries, question: SignalQuestion): RecordedFlight | null {
  const { rowTimes, samples } = input;
  if (rowTimes.length === 0) return null;
  const span = { first: rowTimes[0]!, last: rowTimes[rowTimes.length - 1]! };
  return { recorded: spanOf(originNs, span), signals: traces(samples, originNs, question) };
}

/** Samples of a list lie evenly between the start and the end of its row; where rows overlap, those of the earlier one stay. */
function ofLists({ originNs, input }: FlightLists, question: SignalQuestion): RecordedFlight | null {
  const { starts, ends, lists } = input;
  const lasts = ends.filter((end) => !Number.isNaN(end));
  if (lasts.length === 0) return null;
  const samples = lists.map(({ offsets, values }) => {
    const own: { times: number[]; values: number[] } = { times: [], values: [] };
    let after = Number.NEGATIVE_INFINITY;
    for (let row = 0; row < starts.length; row++) {
      const [begin, count] = [offsets[row]!, offsets[row + 1]! - offsets[row]!];
      const step = (ends[row]! - starts[row]!) / count;
      for (let i = 0; i < count; i++) {
        const time = starts[row]! + i * step;
        if (!(time > after) || Number.isNaN(values[begin + i]!)) continue;
        own.times.push(time);
        own.values.push(values[begin + i]!);
        after = time;
      }
    }
    return { times: Float64Array.from(own.times), values: Float64Array.from(own.values) };
  });
  const span = { first: starts[0]!, last: lasts.reduce((a, b) => Math.max(a, b)) };
  return { recorded: spanOf(originNs, span), signals: traces(samples, originNs, question) };
}

function spanOf(originNs: bigint, { first, last }: { first: number; last: number }): Span {
  return { fromNs: originNs + BigInt(first), toNs: originNs + BigInt(last) };
}

function traces(samples: readonly Samples[], originNs: bigint, { bundle, around }: SignalQuestion): SignalTrace[] {
  const { signals } = bundle.recipe;
  return samples.slice(0, MOST.signals).map((own, i) => {
    const cut = cutOut(own, { from: Number(around.fromNs - originNs), to: Number(around.toNs - originNs) }, originNs);
    const points = decimate(cut, { most: MOST.signalPoints, gap: Math.max(3 * medianStep(cut.times), 1000) });
    return { name: signals[i]!.name, unit: signals[i]!.unit ?? null, points };
  });
}

/** The samples of a stretch of time, in milliseconds since 1970. */
function cutOut(
  { times, values }: Samples,
  { from, to }: { from: number; to: number },
  originNs: bigint,
): TimedValues & { times: Float64Array } {
  let begin = 0;
  while (begin < times.length && times[begin]! < from) begin++;
  let end = begin;
  while (end < times.length && times[end]! <= to) end++;
  const origin = epochMs(originNs);
  return { times: times.subarray(begin, end).map((time) => origin + time / 1e6), values: values.slice(begin, end) };
}

function medianStep(times: Float64Array): number {
  if (times.length < 2) return 0;
  const steps = times.subarray(1).map((time, i) => time - times[i]!);
  return steps.sort()[steps.length >> 1]!;
}
