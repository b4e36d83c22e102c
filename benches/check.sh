#!/usr/bin/env bash
# Makes the figures of `check` in the README: benches/check.sh CORPUS_DIR [RUNS]
# CORPUS_DIR holds corpus.jsonl (id, url, text) and truth.jsonl (exact: number of the first document of the same text; lines: a letter a line,
# b furniture, f caption in a foreign language). Asserts that the shares that `check` finds are within half a point of the truth's.
# Prints MB of input per CPU second (user + sys), the least of RUNS (5), in turn with `clean`, peak memory, and the CPU of a commit
# hook: three files of 100 kB.
set -euo pipefail
corpus=$(realpath "$1"); runs=${2:-5}
cd "$(dirname "$0")/.."
cargo build --release --quiet --locked
buddle=$PWD/target/release/buddle
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
"$buddle" check "$corpus/corpus.jsonl" -q --format json >"$work/report.json" || [ $? = 1 ]
python3 - "$corpus/truth.jsonl" "$work/report.json" <<'PY'
import json, sys
from collections import Counter
documents, copies, lines = 0, 0, Counter()
for n, row in enumerate(map(json.loads, open(sys.argv[1]))):
    documents += 1
    copies += row["exact"] != n
    lines.update(row["lines"])
measures = json.load(open(sys.argv[2]))["set"]["measures"]
every, bad = sum(lines.values()), 0
for name, truth in [("exact_duplicate_ratio", copies / documents), ("furniture_line_ratio", lines["b"] / every), ("foreign_caption_ratio", lines["f"] / every)]:
    print(f"{name:24} found {measures[name]:7.2%}, truth {truth:7.2%}")
    bad += abs(measures[name] - truth) > 0.005
sys.exit(bad)
PY
megabytes=$(awk -v b="$(stat -c %s "$corpus/corpus.jsonl")" 'BEGIN { print b / 1e6 }')
timed() { # file to append user + sys and MiB to, command
  local to=$1; shift
  /usr/bin/time -f '%U %S %M' -o "$work/time" "$@" >/dev/null || [ $? = 1 ]
  tail -n 1 "$work/time" | awk '{ print $1 + $2, $3 / 1024 }' >>"$to"
}
for _ in $(seq "$runs"); do
  for langid in none builtin; do
    timed "$work/check.$langid" "$buddle" check "$corpus/corpus.jsonl" -q -j 1 --langid "$langid"
    rm -rf "$work/out"
    timed "$work/clean.$langid" "$buddle" clean "$corpus/corpus.jsonl" -q -j 1 --langid "$langid" -o "$work/out"
  done
done
least() { sort -n "$1" | head -n 1; }
for langid in none builtin; do
  echo "$langid $(least "$work/check.$langid") $(least "$work/clean.$langid")" |
    awk -v m="$megabytes" '{ printf "languages: %-8s %6.1f MB per CPU second, %.0f MiB; clean beside it %.1f\n", $1, m / $2, $3, m / $4 }'
done
for n in 1 2 3; do awk -v n="$n" 'NR % 3 == n - 1 { size += length($0) + 1; if (size > 100000) exit; print }' "$corpus/corpus.jsonl" >"$work/$n.jsonl"; done
for _ in $(seq "$runs"); do timed "$work/hook" bash -c "for _ in \$(seq 20); do '$buddle' check -q '$work'/[123].jsonl || [ \$? = 1 ]; done"; done
least "$work/hook" | awk '{ printf "three files of 100 kB: %.1f ms of CPU, start included\n", $1 * 1000 / 20 }'
