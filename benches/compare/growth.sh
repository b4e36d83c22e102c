#!/usr/bin/env bash
# Shapes that break line tools: benches/compare/growth.sh [LINES]   (LINES: 2000000)
# All lines distinct, all equal, empty lines, one long line, lines that begin alike; each at n, 2n and 4n lines, with much memory and with
# little (so that tables spill). Asserts that CPU time grows by less than 2.5 a doubling, and prints it.
set -euo pipefail
n=${1:-2000000}
cd "$(dirname "$0")/../.."
cargo build --release --quiet --locked
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
shape() { # name, lines
  case $1 in
    distinct) seq "$2" ;;
    equal) { yes "the same line again and again" || true; } | head -n "$2" ;;
    empty) { yes "" || true; } | head -n "$2" ;;
    long) head -c $((2 * $2)) /dev/zero | tr '\0' x ;;
    alike) seq -f "https://a.host.with.a.long.name.example/and/a/path/that/all/share/%.0f/index.html" "$2" ;;
  esac
}
for name in distinct equal empty long alike; do
  # Room for all, or for next to nothing: a table that spills at 4n alone would be a step, and no growth.
  for flags in "--memory 8G" "--memory 16M" "--count --memory 16M"; do
    # A line has an eighth of the memory at most.
    if [ "$name" = long ] && [ "$flags" != "--memory 8G" ]; then continue; fi
    before=""
    printf '%-9s %-22s' "$name" "$flags"
    for times in 1 2 4; do
      shape "$name" $((n * times)) >"$work/in"
      cpu=""
      for _ in 1 2 3; do
        /usr/bin/time -f '%U %S' -o "$work/time" target/release/buddle lines -j1 $flags "$work/in" >/dev/null
        cpu=$(awk -v c="$cpu" '{ s = $1 + $2; print (c == "" || s < c) ? s : c }' "$work/time")
      done
      printf ' %6.2f s' "$cpu"
      # Below a third of a second the clock, which ticks in hundredths, says little.
      if [ -n "$before" ] && ! awk -v a="$before" -v b="$cpu" 'BEGIN { exit !(b < 0.3 || b < 2.5 * a) }'; then
        echo " : more than 2.5 times"; exit 1
      fi
      before=$cpu
    done
    echo
  done
done
