#!/usr/bin/env bash
# Shapes that break cleaners: benches/compare/shapes.sh [LINES]   (LINES: 500000; the largest run has four times as many)
# Equal lines, distinct lines, documents of one line, one document of all lines, a site a document, one site, equal documents, one long line; each
# at n, 2n and 4n lines, with much memory and with little (so that the survey spills). Asserts that CPU time grows by less than 2.5 a doubling
# and that both memories give the same bytes, and prints least time and peak memory. A machine's speed may halve between two runs: the three sizes
# stand side by side in each of five turns, and the middle one of their ratios counts.
set -euo pipefail
n=${1:-500000}
cd "$(dirname "$0")/../.."
cargo build --release --quiet --locked
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
for name in equal distinct one_line one_document sites one_site copies long_line; do
  for times in 1 2 4; do python3 benches/compare/shapes.py "$name" $((n * times)) >"$work/$times.jsonl"; done
  for memory in 4G 32M; do
    : >"$work/times"
    for _ in 1 2 3 4 5; do
      for times in 1 2 4; do
        rm -rf "$work/$memory"
        # What one document repeats may be most of this corpus.
        /usr/bin/time -f '%U %S %M' -o "$work/time" target/release/buddle clean "$work/$times.jsonl" -q --langid none --compression none --max-corpus-share 1 \
          --max-record-bytes 4000000000 --memory "$memory" -j1 -o "$work/$memory"
        awk '{ printf "%.2f %d ", $1 + $2, $3 / 1024 }' "$work/time" >>"$work/times"
      done
      echo >>"$work/times"
    done
    # Below half a second the start and the clock, which ticks in hundredths, say more than the shape.
    awk -v name="$name" -v memory="$memory" '
      function middle(list, count,   i, j, t) {
        for (i = 2; i <= count; i++) for (j = i; j > 1 && list[j] < list[j - 1]; j--) { t = list[j]; list[j] = list[j - 1]; list[j - 1] = t }
        return list[int((count + 1) / 2)]
      }
      { turns++; for (i = 0; i < 3; i++) { s = $(2 * i + 1); if (turns == 1 || s < least[i]) least[i] = s; peak[i] = $(2 * i + 2) }
        first[turns] = $3 / ($1 + 0.001); second[turns] = $5 / ($3 + 0.001) }
      END {
        a = middle(first, turns); b = middle(second, turns)
        printf "%-13s %-4s %7.2f s %5d MiB %7.2f s %5d MiB %7.2f s %5d MiB   x %.2f %.2f\n", name, memory, least[0], peak[0], least[1], peak[1], least[2], peak[2], a, b
        if (least[1] >= 0.5 && a >= 2.5 || least[2] >= 0.5 && b >= 2.5) { print "more than 2.5 times"; exit 1 }
      }' "$work/times"
  done
  cmp "$work/4G/manifest.json" "$work/32M/manifest.json"
done
