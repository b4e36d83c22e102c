#!/usr/bin/env bash
# Makes the cost figures of the README: benches/measure.sh CORPUS.jsonl [RUNS]
# CORPUS: JSON Lines with id, url, text. Prints MB of input per CPU second (user + sys), the least of RUNS (5), with one
# and two threads, and asserts that both runs wrote the same documents. Machines differ and are shared: as a yardstick,
# `sort -u` of the corpus's text lines is timed between the runs.
set -euo pipefail
corpus=$(realpath "$1"); runs=${2:-5}
cd "$(dirname "$0")/.."
cargo build --release --quiet --locked
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
megabytes=$(awk -v b="$(stat -c %s "$corpus")" 'BEGIN { print b / 1e6 }')
python3 -c 'import json, sys
for line in sys.stdin: print(json.loads(line)["text"])' <"$corpus" >"$work/lines"
timed() { # file to append user + sys to, command
  local to=$1; shift
  /usr/bin/time -f '%U %S %M' -o "$work/time" "$@"
  awk '{ print $1 + $2, $3 / 1024 }' "$work/time" >>"$to"
}
least() { sort -n "$1" | head -n 1 | cut -d ' ' -f 1; }
measure() { # name, flags of clean
  local name=$1; shift
  rm -f "$work"/cpu*
  for _ in $(seq "$runs"); do
    for threads in 1 2; do
      rm -rf "$work/out$threads"
      timed "$work/cpu$threads" target/release/buddle clean "$corpus" -q "$@" -j "$threads" -o "$work/out$threads"
    done
    timed "$work/cpusort" env LC_ALL=C sort -u "$work/lines" -o "$work/sorted"
  done
  cmp "$work/out1/manifest.json" "$work/out2/manifest.json"
  awk -v n="$name" -v m="$megabytes" -v a="$(least "$work/cpu1")" -v b="$(least "$work/cpu2")" -v s="$(least "$work/cpusort")" \
    -v k="$(sort -n -k 2 "$work/cpu2" | tail -n 1 | cut -d ' ' -f 2)" 'BEGIN {
      printf "%-34s %6.1f MB per CPU second (two threads: CPU %.2f times, %.0f MiB); %.1f times the CPU of sort -u (%.2f s)\n", n, m / a, b / a, k, a / s, s }'
}
measure "no languages, files not compressed" --langid none --compression none
measure "no languages" --langid none
measure "languages"
head -n 1 "$corpus" >"$work/page"
for _ in $(seq "$runs"); do timed "$work/pipe" bash -c "for _ in \$(seq 100); do target/release/buddle clean - -q <'$work/page' >/dev/null; done"; done
least "$work/pipe" | awk '{ printf "the first document through a pipe: %.1f ms of CPU, start included\n", $1 * 10 }'
