import { expect, it } from "vitest";
import * as api from "../../src/index.ts";
import { readSource, type Source } from "./sources.ts";

/** Names that `export { ... }` statements give away; types apart from what is there at run time. */
function exportedNames({ text }: Source): { values: string[]; types: string[] } {
  const names = { values: [] as string[], types: [] as string[] };
  for (const [, allTypes, list] of text.matchAll(/^export (type )?\{([^}]*)\}/gm)) {
    for (const entry of list!
      .split(",")
      .map((part) => part.trim())
      .filter(Boolean)) {
      const isType = allTypes !== undefined || entry.startsWith("type ");
      const name = entry
        .replace(/^type /, "")
        .split(" as ")
        .pop()!;
      names[isType ? "types" : "values"].push(name);
    }
  }
  return { values: names.values.sort(), types: names.types.sort() };
}

it("offers these names, and a changed list is a changed promise: say so in CHANGELOG.md", () => {
  expect(exportedNames(readSource("src/index.ts"))).toMatchInlineSnapshot(`
    {
      "types": [
        "AbsentFile",
        "AggregateOptions",
        "AggregateResult",
        "AggregateSummary",
        "AircraftSummary",
        "AlertKind",
        "AlertLoad",
        "Attribution",
        "BeforeAfter",
        "BundleReport",
        "CompareOptions",
        "Comparison",
        "CoverageSummary",
        "CurvePoint",
        "Differences",
        "Dimension",
        "EventFeature",
        "EventOptions",
        "EventRules",
        "EventStatus",
        "EventTotals",
        "FaultClass",
        "FaultCode",
        "FaultDetail",
        "FeatureOp",
        "FeatureSpec",
        "FileFailure",
        "FileReport",
        "FileTime",
        "Filter",
        "FilterColumn",
        "FilterWindow",
        "FlightEvent",
        "FlightPhase",
        "FlightReport",
        "FlightTime",
        "FoundEvents",
        "GridSpec",
        "GroupComparison",
        "GroupRow",
        "GroupSummary",
        "InputKind",
        "ListInput",
        "MergeResult",
        "MissingTasks",
        "ModelBundle",
        "ModelFacts",
        "ModelSummary",
        "OutputFormat",
        "ParallelProcessorOptions",
        "PartTotal",
        "ProcessedFile",
        "ProcessedFiles",
        "Proposal",
        "QualityCheck",
        "QualityFinding",
        "RateTrend",
        "RatedTime",
        "Recipe",
        "RecordedCoverage",
        "RecordedTime",
        "RecordingCounts",
        "RetuneOptions",
        "Retuned",
        "RunControl",
        "RunObserver",
        "RunOptions",
        "RunReport",
        "RunResult",
        "SampleLists",
        "Samples",
        "Scaler",
        "ScoreDistance",
        "ScoreDistribution",
        "ScoreFileOptions",
        "ScoredFileResult",
        "ScoredWindow",
        "SeriesInput",
        "Severity",
        "ShardOptions",
        "ShardResult",
        "SideFacts",
        "SignalSpec",
        "SkipReason",
        "Summary",
        "TasksEnd",
        "TellingFlight",
        "TellingWindow",
        "Thresholds",
        "TimeShares",
        "Tolerance",
        "TrendPeriod",
        "Trends",
        "UnmatchedWindows",
        "WindowFeatures",
        "WindowSide",
        "WindowTest",
        "Workload",
      ],
      "values": [
        "COVERED",
        "FAULT_CODES",
        "FEATURE_OPS",
        "FILTER_COLUMNS",
        "FLIGHT_PHASES",
        "Fault",
        "INPUT_KINDS",
        "NO_EXTENT",
        "ParallelProcessor",
        "QUALITY_CHECKS",
        "UNKNOWN_PHASE",
        "aggregateResults",
        "asFault",
        "compareResults",
        "compileFilter",
        "computeListWindows",
        "computeWindows",
        "countWindows",
        "describeFault",
        "eventId",
        "filterWindow",
        "findEvents",
        "inspectBundle",
        "loadBundle",
        "mergeShards",
        "parseFilter",
        "resolvePhase",
        "retuneResults",
        "runBatch",
        "runShard",
        "scoreFile",
        "severityOf",
        "summarise",
        "thresholdOfPhase",
        "writeEvents",
      ],
    }
  `);
});

it("offers at run time what it says", () => {
  expect(Object.keys(api).sort()).toEqual(exportedNames(readSource("src/index.ts")).values);
});

it("shows the main names in the README", () => {
  const { text } = readSource("README.md");
  const main = ["runBatch", "ParallelProcessor", "scoreFile", "loadBundle"];
  expect(main.filter((name) => !text.includes(name) || !(name in api))).toEqual([]);
});

it("sees every form of export", () => {
  const text =
    'export { type B, a, x as c } from "./a.ts";\nexport type { D } from "./d.ts";\nexport {\n  e,\n} from "./e.ts";';
  expect(exportedNames({ path: "", text })).toEqual({ values: ["a", "c", "e"], types: ["B", "D"] });
});
