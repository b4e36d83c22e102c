#!/usr/bin/env bash
# Distinct lines against the tools that people use for it: benches/compare/lines.sh LINES.txt [RUNS]
# LINES.txt: plain text, lines that end in LF. Prints CPU seconds (user + sys, the least of RUNS, 3), MB per CPU second, its ratio to
# huniq's, peak memory; each run of a tool stands between runs of the others, since machines are shared. Asserts that all write the same
# lines in the same order (sort -u: the same lines). huniq and runiq are built from their packages below target/peers if they are not there;
# what cannot be built is left out.
# Its bias: the peers keep hashes alone (a collision drops a line), ours confirms by the bytes; ours reads the file by name, huniq from
# standard input; output goes to a file, which favours tools that write large pieces.
set -euo pipefail
lines=$(realpath "$1"); runs=${2:-3}
cd "$(dirname "$0")/../.."
cargo build --release --quiet --locked
peers=target/peers/bin
for tool in huniq@2.7.0 runiq@2.1.0; do
  [ -x "$peers/${tool%@*}" ] || cargo install --quiet --locked --root target/peers "$tool" || echo "$tool: not built, left out" >&2
done
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
megabytes=$(awk -v b="$(stat -c %s "$lines")" 'BEGIN { print b / 1e6 }')
ours=target/release/buddle
names=("buddle -j1" "buddle -j2" "buddle -j2 --memory 64M" huniq runiq "sort -u")
run() { # name
  case $1 in
    buddle*) /usr/bin/time -f '%U %S %M' -o "$work/time" $ours lines ${1#buddle} "$lines" >"$work/out" ;;
    huniq) /usr/bin/time -f '%U %S %M' -o "$work/time" "$peers/huniq" <"$lines" >"$work/out" ;;
    runiq) /usr/bin/time -f '%U %S %M' -o "$work/time" "$peers/runiq" "$lines" >"$work/out" ;;
    "sort -u") LC_ALL=C /usr/bin/time -f '%U %S %M' -o "$work/time" sort -u "$lines" >"$work/out" ;;
  esac
}
for _ in $(seq "$runs"); do
  for name in "${names[@]}"; do
    case $name in huniq | runiq) [ -x "$peers/$name" ] || continue ;; esac
    run "$name"
    awk '{ print $1 + $2, $3 / 1024 }' "$work/time" >>"$work/${name// /_}.cpu"
    if [ "$name" = "sort -u" ]; then LC_ALL=C sort "$work/first" | cmp - "$work/out"
    elif [ -e "$work/first" ]; then cmp "$work/first" "$work/out"
    else cp "$work/out" "$work/first"; fi
  done
done
least() { sort -n "$1" | head -n 1 | cut -d ' ' -f 1; }
yard=$([ -e "$work/huniq.cpu" ] && least "$work/huniq.cpu" || least "$work/sort_-u.cpu")
for name in "${names[@]}"; do
  file="$work/${name// /_}.cpu"
  [ -e "$file" ] || continue
  awk -v n="$name" -v m="$megabytes" -v c="$(least "$file")" -v y="$yard" -v k="$(sort -n -k 2 "$file" | tail -n 1 | cut -d ' ' -f 2)" \
    'BEGIN { printf "| %-24s | %6.2f s | %6.0f MB per CPU second | %.2f | %5.0f MiB |\n", n, c, m / c, y / c, k }'
done
