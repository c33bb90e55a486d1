#!/bin/bash
# Scores flights as an array job, and puts the shards together when all have ended, however they ended. Prints both job numbers.
#   MODEL=models/engine/1.0.0 DATA=archive/2025-10 OUTPUT=scored/2025-10.parquet SHARDS=20 bash submit.sh
set -euo pipefail
: "${MODEL:?folder of the model}" "${DATA:?folder of flights}" "${OUTPUT:?results file}" "${SHARDS:?number of shards}"
export MODEL DATA OUTPUT SHARDS
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

array=$(sbatch --parsable --array="0-$((SHARDS - 1))" "$here/score.sbatch")
# afterany and not afterok: a shard with a file that failed ends with 1, which is no reason to have no results. If a shard is missing,
# the merge ends with 2 and says what to type for it.
merge=$(sbatch --parsable --dependency="afterany:$array" --job-name=flightbatch-merge --output="flightbatch-merge-%j.out" \
  --wrap "\"${FLIGHTBATCH:-flightbatch}\" merge \"\$OUTPUT\"")
echo "$array $merge"
