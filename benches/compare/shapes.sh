#!/usr/bin/env bash
# Shapes that break cleaners: benches/compare/shapes.sh [LINES]   (LINES: 500000; the largest run has four times as many)
# Equal lines, distinct lines, documents of one line, one document of all lines, a site a document, one site, equal documents, one long line; each
# at n, 2n and 4n lines, with much memory and with little (so that the survey spills). Asserts that CPU time grows by less than 2.5 a doubling
# and that both memories give the same bytes, and prints time and peak memory.
set -euo pipefail
n=${1:-500000}
cd "$(dirname "$0")/../.."
cargo build --release --quiet --locked
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
for name in equal distinct one_line one_document sites one_site copies long_line; do
  for memory in 4G 32M; do
    before=""
    printf '%-13s %-4s' "$name" "$memory"
    for times in 1 2 4; do
      python3 benches/compare/shapes.py "$name" $((n * times)) >"$work/in.jsonl"
      cpu="" peak=0
      for _ in 1 2 3 4 5; do
        rm -rf "$work/$memory"
        # What one document repeats may be most of this corpus.
        /usr/bin/time -f '%U %S %M' -o "$work/time" target/release/buddle clean "$work/in.jsonl" -q --langid none --compression none --max-corpus-share 1 \
          --max-record-bytes 4000000000 --memory "$memory" -j1 -o "$work/$memory"
        cpu=$(awk -v c="$cpu" '{ s = $1 + $2; print (c == "" || s < c) ? s : c }' "$work/time")
        peak=$(awk '{ printf "%d", $3 / 1024 }' "$work/time")
      done
      printf ' %7.2f s %5d MiB' "$cpu" "$peak"
      # Below half a second the start and the clock, which ticks in hundredths, say more than the shape.
      if [ -n "$before" ] && ! awk -v a="$before" -v b="$cpu" 'BEGIN { exit !(b < 0.5 || b < 2.5 * a) }'; then
        echo " : more than 2.5 times"; exit 1
      fi
      before=$cpu
    done
    echo
  done
  cmp "$work/4G/manifest.json" "$work/32M/manifest.json"
done
