#!/usr/bin/env bash
# parallel.sh [SHARDS]: as many at a time as there are cores, by GNU parallel or, where there is none, xargs. What was done is not done
# again: only a whole shard has its name.
set -euo pipefail

shards=${1:-64}
mkdir -p shards

one() {
  local shard=$1 count=$2
  [ ! -e "shards/$shard.jsonl" ] || return 0
  # 1: some images could not be read, which their lines say.
  leukolens classify --field --jsonl --jobs 1 --files-from list.txt --shard "$shard/$count" > "shards/$shard.partial" ||
    [ $? -eq 1 ] || return 1
  mv "shards/$shard.partial" "shards/$shard.jsonl"
}
export -f one

if command -v parallel > /dev/null; then
  seq "$shards" | parallel one {} "$shards"
else
  seq "$shards" | xargs -P "$(nproc)" -I {} bash -c "one {} $shards"
fi
