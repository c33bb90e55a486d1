/** Batch inference for archived flights: the library behind the commands. */

export { type AggregateResult, type AggregateSummary, aggregateResults } from "./aggregate/aggregate.ts";
export type { RecordedCoverage, RecordedTime } from "./aggregate/coverage.ts";
export type { AggregateOptions, Dimension, TrendPeriod } from "./aggregate/options.ts";
export type { GroupRow, GroupSummary, ModelSummary } from "./aggregate/summary.ts";
export type { RateTrend, Trends } from "./aggregate/trend.ts";
export type { Attribution, PartTotal } from "./compare/attribution.ts";
export { compareResults } from "./compare/compare-results.ts";
export type {
  Comparison,
  Differences,
  GroupComparison,
  ScoreDistance,
  ScoreDistribution,
  SideFacts,
  TellingFlight,
  TellingWindow,
  UnmatchedWindows,
  WindowSide,
  Workload,
} from "./compare/comparison.ts";
export type { CompareOptions, Tolerance } from "./compare/options.ts";
export {
  type EventTotals,
  type FoundEvents,
  findEvents,
  writeEvents,
} from "./eventfiles/events-of-results.ts";
export type { EventOptions } from "./eventfiles/options.ts";
export type { EventFeature, EventRules, EventStatus, FlightEvent } from "./events/event.ts";
export { eventId } from "./events/event-id.ts";
export {
  asFault,
  describeFault,
  FAULT_CODES,
  Fault,
  type FaultClass,
  type FaultCode,
  type FaultDetail,
} from "./faults/fault.ts";
export { computeListWindows } from "./features/compute-list-windows.ts";
export { computeWindows } from "./features/compute-windows.ts";
export { FEATURE_OPS, type FeatureOp, type FeatureSpec, type Recipe, type SignalSpec } from "./features/recipe.ts";
export { compileFilter, filterWindow, type WindowTest } from "./filter/compile-filter.ts";
export { FILTER_COLUMNS, type Filter, type FilterColumn, type FilterWindow } from "./filter/filter.ts";
export { parseFilter } from "./filter/parse-filter.ts";
export {
  ParallelProcessor,
  type ParallelProcessorOptions,
  type ProcessedFile,
  type ProcessedFiles,
} from "./library/parallel-processor.ts";
export { type ScoredFileResult, type ScoreFileOptions, scoreFile } from "./library/score-one-file.ts";
export type { ScoredWindow } from "./library/scored-window.ts";
export type { ModelBundle, ModelFacts, Scaler } from "./model/bundle.ts";
export { type BundleReport, inspectBundle } from "./model/inspect-bundle.ts";
export { loadBundle } from "./model/load-bundle.ts";
export { QUALITY_CHECKS, type QualityCheck, type QualityFinding } from "./quality/finding.ts";
export { INPUT_KINDS, type InputKind, type RecordingCounts } from "./recording/recording.ts";
export type { CoverageSummary, RatedTime } from "./results/coverage-summary.ts";
export type {
  AbsentFile,
  FileFailure,
  FileReport,
  FileTime,
  FlightReport,
  FlightTime,
  SkipReason,
} from "./results/reports.ts";
export { type AircraftSummary, type Summary, summarise } from "./results/summary.ts";
export type { TimeShares } from "./results/time-shares.ts";
export { retuneResults } from "./retune/retune-results.ts";
export type { AlertKind, AlertLoad, BeforeAfter, CurvePoint, Proposal, Retuned } from "./retune/retuned.ts";
export type { RetuneOptions } from "./retune/settle.ts";
export { runBatch } from "./run/run-batch.ts";
export type { RunObserver } from "./run/run-observer.ts";
export type { OutputFormat, RunOptions } from "./run/run-options.ts";
export type { RunReport } from "./run/run-report.ts";
export type { RunResult } from "./run/run-result.ts";
export type { RunControl, TasksEnd } from "./run/run-tasks.ts";
export { type MergeResult, type MissingTasks, mergeShards } from "./run/shards/merge-shards.ts";
export { runShard, type ShardOptions, type ShardResult } from "./run/shards/run-shard.ts";
export { resolvePhase } from "./verdict/phase.ts";
export { type Severity, severityOf } from "./verdict/severity.ts";
export { FLIGHT_PHASES, type FlightPhase, type Thresholds, thresholdOfPhase } from "./verdict/thresholds.ts";
export { countWindows, type GridSpec } from "./windows/grid.ts";
export {
  COVERED,
  type ListInput,
  NO_EXTENT,
  type SampleLists,
  type Samples,
  type SeriesInput,
  UNKNOWN_PHASE,
  type WindowFeatures,
} from "./windows/series.ts";
