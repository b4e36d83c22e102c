#!/usr/bin/env bash
# Makes the cost figures of the README: benches/measure.sh CORPUS.jsonl [RUNS]
# CORPUS: JSON Lines with id, url, text. Prints MB of input per CPU second (user + sys), the median of RUNS (5), with one
# and two threads, and asserts that both runs wrote the same documents.
set -euo pipefail
corpus=$(realpath "$1"); runs=${2:-5}
cd "$(dirname "$0")/.."
cargo build --release --quiet --locked
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
megabytes=$(awk -v b="$(stat -c %s "$corpus")" 'BEGIN { print b / 1e6 }')
cpu() { # threads, langid
  for _ in $(seq "$runs"); do
    rm -rf "$work/out$1"
    /usr/bin/time -f '%U %S' -o "$work/time" target/release/buddle clean "$corpus" -q --langid "$2" -j "$1" -o "$work/out$1"
    awk '{ print $1 + $2 }' "$work/time"
  done | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
for langid in none whatlang; do
  one=$(cpu 1 "$langid"); two=$(cpu 2 "$langid")
  cmp "$work/out1/manifest.json" "$work/out2/manifest.json"
  awk -v m="$megabytes" -v a="$one" -v b="$two" -v l="$langid" \
    'BEGIN { printf "langid %-8s  %.1f MB per CPU second with one thread, %.1f with two (CPU %.2f times)\n", l, m / a, m / b, b / a }'
done
head -n 1 "$corpus" >"$work/page"
/usr/bin/time -f '%U %S' -o "$work/time" bash -c "for _ in \$(seq 100); do target/release/buddle clean - -q <'$work/page' >/dev/null; done"
awk '{ printf "the first document through a pipe: %.1f ms of CPU, start included\n", ($1 + $2) * 10 }' "$work/time"
