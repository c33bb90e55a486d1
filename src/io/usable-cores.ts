import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/** Cores that this process may use: its affinity, and the quota of its control group where there is one; at least 1. */
export function usableCores(): number {
  return Math.max(1, Math.min(availableParallelism(), Math.ceil(cgroupQuota() ?? Number.POSITIVE_INFINITY)));
}

/** Cores that the control group allows (version 2, else 1), or null where it sets no limit. */
function cgroupQuota(): number | null {
  const [quota, period] = read("/sys/fs/cgroup/cpu.max")?.split(" ") ?? [
    read("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"),
    read("/sys/fs/cgroup/cpu/cpu.cfs_period_us"),
  ];
  const cores = Number(quota) / Number(period);
  return Number.isFinite(cores) && cores > 0 ? cores : null;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return null;
  }
}
