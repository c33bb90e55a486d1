import { execFile, execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A cluster of one node, on this machine's loopback, with files of its own. */
export interface Cluster {
  /** For whoever calls `sbatch` and the like. */
  env: NodeJS.ProcessEnv;
  /** Waits until no job is queued or running. */
  drained(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts munge, the controller and the node's daemon below a folder. @throws Error if they do not come up */
export async function startSlurm(folder: string): Promise<Cluster> {
  chmodSync(folder, 0o755);
  for (const name of ["state", "spool", "log", "run"]) mkdirSync(join(folder, name), { mode: 0o755 });
  const config = join(folder, "slurm.conf");
  writeFileSync(config, configOf(folder, await Promise.all([freePort(), freePort()])));
  execFileSync("mungekey", ["-c", "-k", join(folder, "munge.key")]);
  const munge = {
    socket: "run/munge.sock",
    "pid-file": "run/munged.pid",
    "log-file": "log/munged.log",
    "seed-file": "munge.seed",
    "key-file": "munge.key",
  };
  execFileSync("munged", [
    "--force",
    ...Object.entries(munge).flatMap(([flag, path]) => [`--${flag}`, join(folder, path)]),
  ]);
  const env = { ...process.env, SLURM_CONF: config };
  const stop = async () => {
    spawnSync("scontrol", ["shutdown"], { env });
    for (const name of ["slurmctld.pid", "slurmd.pid", "munged.pid"])
      await gone(join(folder, "run", name), name === "munged.pid");
  };
  try {
    for (const daemon of ["slurmctld", "slurmd"]) execFileSync(daemon, ["-f", config], { env, stdio: "pipe" });
    await until("the node is not idle", async () =>
      (await run("sinfo", ["-h", "-o", "%T"], { env })).stdout.includes("idle"),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  const drained = () => until("jobs do not end", async () => (await run("squeue", ["-h"], { env })).stdout === "", 240);
  return { env, drained, stop };
}

async function until(otherwise: string, holds: () => Promise<boolean>, seconds = 30): Promise<void> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    if (await holds().catch(() => false)) return;
    await pause(200);
  }
  throw new Error(`Slurm: ${otherwise} after ${seconds} s`);
}

/** Waits for a daemon to end; what nobody tells to end is killed. */
async function gone(pidFile: string, kill: boolean): Promise<void> {
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, "utf8")) : 0;
  if (!(pid > 0)) return;
  for (let i = 0; i < 50; i++) {
    try {
      process.kill(pid, kill || i === 40 ? "SIGTERM" : 0);
    } catch {
      return;
    }
    await pause(100);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

function configOf(folder: string, [controller, node]: number[]): string {
  const host = hostname().split(".")[0]!;
  return `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${folder}/run/munge.sock
CredType=cred/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_interval=2,bf_interval=2
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmdParameters=config_overrides
ReturnToService=2
SlurmctldPort=${controller}
SlurmdPort=${node}
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/run/slurmctld.pid
SlurmdPidFile=${folder}/run/slurmd.pid
SlurmctldLogFile=${folder}/log/slurmctld.log
SlurmdLogFile=${folder}/log/slurmd.log
NodeName=${host} NodeAddr=127.0.0.1 CPUs=4 RealMemory=2000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
}
