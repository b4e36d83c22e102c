#!/usr/bin/env bash
# Fetches the repositories that sites.tsv names, each at its commit and without history, as bare repositories OUT/OWNER+NAME.
#   get_sites.sh OUT [SITES.tsv]     some 15 GB and an hour; what is there already is left alone
set -euo pipefail
out=${1:?OUT}; tsv=${2:-$(dirname "$0")/sites.tsv}
mkdir -p "$out"
awk -F'\t' '/^#/||!NF{next} !h{h=1;next} {print $3"\t"$4}' "$tsv" | sort -u | while IFS=$'\t' read -r name commit; do
  into="$out/${name/\//+}"
  [ -d "$into" ] && continue
  rm -rf "$into.part"
  git init -q --bare "$into.part"
  if git --git-dir "$into.part" fetch -q --depth 1 "https://github.com/$name.git" "$commit"; then mv "$into.part" "$into"; else echo "not there: $name $commit" >&2; fi
done
