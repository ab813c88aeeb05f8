#!/usr/bin/env bash
#SBATCH --job-name=leukolens
#SBATCH --array=1-64
#SBATCH --cpus-per-task=4
#SBATCH --mem=2G
#SBATCH --time=08:00:00
#SBATCH --requeue
set -uo pipefail

mkdir -p shards
shard=$SLURM_ARRAY_TASK_ID
leukolens classify --field --jsonl --jobs "${SLURM_CPUS_PER_TASK:-1}" \
  --files-from list.txt --shard "$shard/${SLURM_ARRAY_TASK_COUNT}" > "shards/$shard.jsonl"
status=$?
# 1: some images could not be read, which their lines say; to run the shard again would not help.
[ "$status" -eq 1 ] || exit "$status"
