import { parseArgs } from "node:util";

/**
 * What a year of a fleet takes on workers with a queue, by simulation: days of flights cut into tasks as the plan cuts them, machines that
 * take tasks, read them over shared storage, die now and then and come back. The costs of a flight and a task are those measured (docs/performance.md,
 * bench/queue.ts); nothing is known here of a particular network or store.
 */

const { values } = parseArgs({
  options: {
    flights: { type: "string", default: "365000" },
    megabytes: { type: "string", default: "2.8" },
    "ms-per-flight": { type: "string", default: "5.6" },
    machines: { type: "string", default: "1,2,5,10" },
    cores: { type: "string", default: "8" },
    "storage-mb-s": { type: "string", default: "5000" },
    "machine-mb-s": { type: "string", default: "500" },
    "deaths-per-machine-day": { type: "string", default: "0.5" },
  },
});

const TASK_BYTES = 64 * 2 ** 20;
const TASK_OVERHEAD_S = 0.003;
const LOCK_S = 75;
const QUEUED = 10_000;
/** Measured: bytes of Redis for a task in the queue beside its files, for a file, and for what is known of runs and workers. */
const REDIS_TASK_BYTES = 900;
const REDIS_FILE_BYTES = 350;
const REDIS_BASE_BYTES = 4e6;
/** Of a task: fetched, two parts of progress, told of, finished, looked up; of a file: progress. */
const REDIS_REQUESTS = { task: 6, file: 1 };
/** Of an object store: per flight its footer and its columns; per task two files and a report, and the coordinator's reading of it. */
const STORE_REQUESTS = { task: 8, flight: 4 };

/** Numbers from 0 to 1, the same each time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Day {
  seconds: number;
  tasks: number;
  repeated: number;
  redisBytes: number;
}

/** One day's flights on so many machines: every core takes the next task when it is free, at the pace that storage leaves it. */
function simulateDay(flights: number, machines: number, random: () => number): Day {
  const cores = machines * Number(values.cores);
  const flightBytes = 1e6 * Number(values.megabytes);
  const perTask = Math.max(1, Math.min(2000, Math.round(TASK_BYTES / flightBytes)));
  const tasks = Math.ceil(flights / perTask);
  // What reads at the same time shares the store, and on each machine its network.
  const reading = Math.min(cores, tasks);
  const perSecond = Math.min(Number(values["storage-mb-s"]), machines * Number(values["machine-mb-s"]));
  const storageShare = (1e6 * perSecond) / reading;
  const deathsPerSecond = Number(values["deaths-per-machine-day"]) / 86_400 / Number(values.cores);
  const free = new Float64Array(cores);
  let repeated = 0;
  let end = 0;
  for (let left = tasks; left > 0; left--) {
    let core = 0;
    for (let i = 1; i < cores; i++) if (free[i]! < free[core]!) core = i;
    const compute = (perTask * Number(values["ms-per-flight"])) / 1000;
    const seconds =
      Math.max(compute, (perTask * flightBytes) / storageShare) * (0.7 + 0.6 * random()) + TASK_OVERHEAD_S;
    free[core]! += seconds;
    if (random() < deathsPerSecond * seconds) {
      // The machine is back, and its task found, once its lock has run out.
      free[core]! += LOCK_S;
      repeated++;
      left++;
    }
    end = Math.max(end, free[core]!);
  }
  const queued = Math.min(tasks, QUEUED, Math.floor((32 * 2 ** 20) / (perTask * 250)));
  const redisBytes = REDIS_BASE_BYTES + queued * (REDIS_TASK_BYTES + perTask * REDIS_FILE_BYTES);
  return { seconds: end, tasks, repeated, redisBytes };
}

for (const machines of values.machines.split(",").map(Number)) {
  const random = seeded(1);
  const flights = Math.round(Number(values.flights) / 365);
  const days = Array.from({ length: 365 }, () =>
    simulateDay(Math.round(flights * (0.7 + 0.6 * random())), machines, random),
  );
  const sum = (of: (day: Day) => number) => days.reduce((total, day) => total + of(day), 0);
  const tasks = sum((day) => day.tasks);
  const year = Number(values.flights);
  console.log(
    JSON.stringify({
      machines,
      meanMinutesPerDay: Number((sum((day) => day.seconds) / 365 / 60).toFixed(2)),
      worstMinutes: Number((Math.max(...days.map((day) => day.seconds)) / 60).toFixed(2)),
      hoursForTheYear: Number((sum((day) => day.seconds) / 3600).toFixed(1)),
      tasks,
      repeatedAfterDeaths: sum((day) => day.repeated),
      redisPeakMb: Number((Math.max(...days.map((day) => day.redisBytes)) / 1e6).toFixed(1)),
      redisRequests: tasks * REDIS_REQUESTS.task + year * REDIS_REQUESTS.file,
      storeRequests: tasks * STORE_REQUESTS.task + year * STORE_REQUESTS.flight,
    }),
  );
}
