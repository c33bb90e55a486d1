import type { WorkerReport } from "./worker-report.ts";

interface Metric {
  name: string;
  type: "counter" | "gauge";
  help: string;
  value: (worker: WorkerReport) => number;
}

const METRICS: Metric[] = [
  { name: "tasks_done_total", type: "counter", help: "Tasks done by this worker.", value: ({ done }) => done.tasks },
  { name: "files_done_total", type: "counter", help: "Files in these tasks.", value: ({ done }) => done.files },
  {
    name: "files_failed_total",
    type: "counter",
    help: "Files among them that could not be scored.",
    value: ({ done }) => done.failedFiles,
  },
  { name: "read_bytes_total", type: "counter", help: "Size of these files.", value: ({ done }) => done.bytes },
  { name: "windows_scored_total", type: "counter", help: "Windows scored.", value: ({ done }) => done.windows },
  {
    name: "task_tries_failed_total",
    type: "counter",
    help: "Tries of tasks that ended in a fault.",
    value: ({ failedTries }) => failedTries,
  },
  {
    name: "pool_process_deaths_total",
    type: "counter",
    help: "Processes of the pool that died and were replaced.",
    value: ({ deaths }) => deaths,
  },
  {
    name: "tasks_lost_total",
    type: "counter",
    help: "Tasks that another worker had taken over before they were done.",
    value: ({ lostTasks }) => lostTasks,
  },
  { name: "tasks_active", type: "gauge", help: "Tasks in work.", value: ({ tasks }) => tasks.length },
  { name: "pool_processes", type: "gauge", help: "Tasks that can be in work at once.", value: ({ lanes }) => lanes },
  {
    name: "memory_bytes",
    type: "gauge",
    help: "Memory of all processes of this worker.",
    value: ({ memoryBytes }) => memoryBytes,
  },
  {
    name: "windows_per_second",
    type: "gauge",
    help: "Windows scored a second, over the last 30 seconds.",
    value: ({ rates }) => rates.windowsPerSecond,
  },
  {
    name: "read_bytes_per_second",
    type: "gauge",
    help: "Input worked through a second, over the last 30 seconds.",
    value: ({ rates }) => rates.bytesPerSecond,
  },
  {
    name: "runs_refused",
    type: "gauge",
    help: "Runs whose tasks this worker refuses.",
    value: ({ refusals }) => Object.keys(refusals).length,
  },
  {
    name: "draining",
    type: "gauge",
    help: "1 while it takes no more tasks.",
    value: ({ isDraining }) => Number(isDraining),
  },
];

/** The media type of {@link metricsText}. */
export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** A worker's figures in the text format of Prometheus. */
export function metricsText(worker: WorkerReport): string {
  const build = `flightbatch_build_info{version="${escaped(worker.version)}",cpu="${escaped(worker.cpu)}"} 1`;
  const lines = METRICS.flatMap(({ name, type, help, value }) => [
    `# HELP flightbatch_${name} ${help}`,
    `# TYPE flightbatch_${name} ${type}`,
    `flightbatch_${name} ${value(worker)}`,
  ]);
  const info = ["# HELP flightbatch_build_info What this worker runs.", "# TYPE flightbatch_build_info gauge", build];
  return `${[...lines, ...info].join("\n")}\n`;
}

function escaped(label: string): string {
  return label.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
