/**
 * Deals tasks out to shards so that these cost about the same, and says the shard of each task, from 1: the costly tasks first, each to the
 * shard that has least so far. It depends on the costs alone. No shard has more than another by more than the costliest task.
 */
export function shareTasks(costs: readonly number[], shards: number): number[] {
  const order = costs.map((_, task) => task).sort((a, b) => costs[b]! - costs[a]! || a - b);
  const loads = new Float64Array(shards);
  const shardOf = new Array<number>(costs.length).fill(0);
  for (const task of order) {
    let least = 0;
    for (let shard = 1; shard < shards; shard++) if (loads[shard]! < loads[least]!) least = shard;
    loads[least]! += costs[task]!;
    shardOf[task] = least + 1;
  }
  return shardOf;
}
