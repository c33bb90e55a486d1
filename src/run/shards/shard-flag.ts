import { Fault } from "../../faults/fault.ts";

/** One of `count` equal shares of a run; `index` from 1. */
export interface Shard {
  index: number;
  count: number;
}

/** More shards than any scheduler's arrays have members. */
const MOST_SHARDS = 100_000;

/** An array job as a scheduler tells its members of it: the place of this one from 0, and their number where the scheduler says it. */
interface ArrayMember {
  place: number;
  count: number | null;
  /** What says so, for messages. */
  variable: string;
}

/**
 * What `--shard` means: `I/N` from 1 to N, `auto` as the scheduler's variables say, `auto/N` for a scheduler that does not say the number;
 * its places then count from 0. A number is never guessed. @throws Fault USAGE
 */
export function parseShard(text: string, env: Readonly<Record<string, string | undefined>> = process.env): Shard {
  const [, first, second] = /^(auto|\d{1,6})(?:\/(\d{1,6}))?$/.exec(text) ?? [];
  const count = second === undefined ? null : Number(second);
  if (first === undefined || (first !== "auto" && count === null) || count === 0 || (count ?? 1) > MOST_SHARDS)
    throw usage(
      text,
      `I/N such as 3/7, auto, or auto/N, with N from 1 to ${MOST_SHARDS}`,
      "The first of seven shards is 1/7.",
    );
  if (first === "auto") return shardOfMember(text, count, memberOf(text, count, env));
  const index = Number(first);
  if (index < 1 || index > count!) throw usage(text, `1/${count} to ${count}/${count}`, "Shards are counted from 1.");
  return { index, count: count! };
}

function shardOfMember(text: string, asked: number | null, { place, count, variable }: ArrayMember): Shard {
  if (asked !== null && count !== null && count !== asked)
    throw usage(
      `${text} in an array of ${count}`,
      `the same number as ${variable} says`,
      "Write --shard auto, or change one of the two.",
    );
  const known = asked ?? count;
  if (known === null)
    throw usage(
      `${text}, and ${variable} without the number of all`,
      "auto/N, as this scheduler does not say N",
      "Kubernetes: N is the Job's spec.completions.",
    );
  if (place >= known)
    throw usage(
      `${text}, and ${variable}, place ${place} from 0`,
      `a place from 0 to ${known - 1}`,
      `Let the array begin at 0: --array=0-${known - 1}.`,
    );
  return { index: place + 1, count: known };
}

/** The member that this process is. @throws Fault USAGE without a scheduler, or with two */
function memberOf(text: string, asked: number | null, env: Readonly<Record<string, string | undefined>>): ArrayMember {
  const numbers = (name: string) => (/^\d{1,9}$/.test(env[name] ?? "") ? Number(env[name]) : null);
  const found = [
    slurmMember(text, asked, numbers),
    plainMember("JOB_COMPLETION_INDEX", numbers("JOB_COMPLETION_INDEX"), null),
    plainMember("AWS_BATCH_JOB_ARRAY_INDEX", numbers("AWS_BATCH_JOB_ARRAY_INDEX"), numbers("AWS_BATCH_JOB_ARRAY_SIZE")),
  ].filter((member) => member !== null);
  if (found.length === 1) return found[0]!;
  throw usage(
    found.length === 0
      ? `${text}, and no array job`
      : `${text}, and ${found.map(({ variable }) => variable).join(", ")} at once`,
    "one of SLURM_ARRAY_TASK_ID (sbatch --array), JOB_COMPLETION_INDEX (an Indexed Job), AWS_BATCH_JOB_ARRAY_INDEX",
    "Elsewhere write I/N.",
  );
}

function plainMember(variable: string, place: number | null, count: number | null): ArrayMember | null {
  return place === null ? null : { place, count, variable: `${variable}=${place}` };
}

/**
 * Slurm says where the array begins, ends and by which steps, and how many it has: an array with holes, such as one that repeats a few
 * members, does not say which share each has. With a number given its ids are the places themselves.
 */
function slurmMember(text: string, asked: number | null, numbers: (name: string) => number | null): ArrayMember | null {
  const id = numbers("SLURM_ARRAY_TASK_ID");
  if (id === null) return null;
  const variable = `SLURM_ARRAY_TASK_ID=${id}`;
  if (asked !== null) return { place: id, count: null, variable };
  const [least, most, count] = ["MIN", "MAX", "COUNT"].map((name) => numbers(`SLURM_ARRAY_TASK_${name}`));
  const step = numbers("SLURM_ARRAY_TASK_STEP") ?? 1;
  const isWhole = least != null && most != null && count != null && step > 0 && (most - least) / step + 1 === count;
  if (!isWhole)
    throw usage(
      `${text} in an array with holes`,
      "an array without holes, such as --array=0-6",
      "To repeat some of its members write --shard auto/N.",
    );
  return { place: (id - least) / step, count, variable };
}

function usage(found: string, expected: string, hint: string): Fault {
  return new Fault({ code: "USAGE", path: "--shard", found, expected, hint });
}
