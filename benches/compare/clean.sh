#!/usr/bin/env bash
# Cleaning against what people use for repeated lines in JSON Lines: benches/compare/clean.sh CORPUS.jsonl [RUNS]
# CORPUS: JSON Lines with id, url, text. Prints CPU seconds (user + sys, the least of RUNS, 3), MB of input per CPU second, its ratio to the peer's
# and peak memory; each run of a tool stands between runs of the others, since machines are shared. Asserts that buddle writes the same with one
# thread, with two, and with little memory, and that the peer saw every document. dolma is installed below target/peers if it is not there (or named
# by DOLMA); without it that row is left out.
# Its bias: the tools do different things. dolma's Bloom filter marks every paragraph seen before, from one read and without a removed log; the mixer
# that would cut what is marked is not counted, and its input must be gzip (whose unpacking is counted). buddle reads twice, judges by site, finds
# exact duplicates, cuts, and logs what went; `--langid none`, since no peer tells the language of a line.
set -euo pipefail
corpus=$(realpath "$1"); runs=${2:-3}
cd "$(dirname "$0")/../.."
cargo build --release --quiet --locked
dolma=${DOLMA:-target/peers/dolma/bin/dolma}
if [ ! -x "$dolma" ]; then
  { python3 -m venv target/peers/dolma && target/peers/dolma/bin/pip install --quiet uv \
    && VIRTUAL_ENV=$PWD/target/peers/dolma target/peers/dolma/bin/uv pip install --quiet dolma==1.2.1; } || echo "dolma: not installed, left out" >&2
fi
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
megabytes=$(awk -v b="$(stat -c %s "$corpus")" 'BEGIN { print b / 1e6 }')
documents=$(wc -l <"$corpus")
names=("buddle -j1" "buddle -j2" "buddle -j2 --memory 64M" "buddle -j2, zstd" "dolma paragraphs")
run() { # name
  case $1 in
    "buddle -j2, zstd") rm -rf "$work/zstd"; timed target/release/buddle clean "$corpus" -q --langid none -j2 -o "$work/zstd" ;;
    buddle*) rm -rf "$work/out"; timed target/release/buddle clean "$corpus" -q --langid none --compression none ${1#buddle} -o "$work/out" ;;
    dolma*)
      rm -rf "$work/dolma"; mkdir -p "$work/dolma/documents"; gzip -1 -c "$corpus" >"$work/dolma/documents/c.jsonl.gz"
      timed "$dolma" dedupe --documents "$work/dolma/documents/*.gz" --dedupe.name d --dedupe.paragraphs.attribute_name dup \
        --bloom_filter.file "$work/dolma/bloom" --no-bloom_filter.read_only --bloom_filter.estimated_doc_count $((documents * 24)) \
        --bloom_filter.desired_false_positive_rate 0.0001 --processes 1 --work_dir.output "$work/dolma/a" --work_dir.input "$work/dolma/b" >"$work/dolma.log" 2>&1
      [ "$(zcat "$work"/dolma/attributes/d/*.gz | wc -l)" = "$documents" ] ;;
  esac
}
timed() { /usr/bin/time -f '%U %S %M' -o "$work/time" "$@"; }
for _ in $(seq "$runs"); do
  for name in "${names[@]}"; do
    [[ $name != dolma* || -x $dolma ]] || continue
    run "$name"
    tail -n 1 "$work/time" | awk '{ print $1 + $2, $3 / 1024 }' >>"$work/${name// /_}.cpu"
    case $name in
      "buddle -j2, zstd") ;;
      buddle*) if [ -e "$work/manifest" ]; then cmp "$work/manifest" "$work/out/manifest.json"; else cp "$work/out/manifest.json" "$work/manifest"; fi ;;
    esac
  done
done
least() { sort -n "$1" | head -n 1 | cut -d ' ' -f 1; }
yard=$([ -e "$work/dolma_paragraphs.cpu" ] && least "$work/dolma_paragraphs.cpu" || echo 0)
for name in "${names[@]}"; do
  file="$work/${name// /_}.cpu"
  [ -e "$file" ] || continue
  awk -v n="$name" -v m="$megabytes" -v c="$(least "$file")" -v y="$yard" -v k="$(sort -n -k 2 "$file" | tail -n 1 | cut -d ' ' -f 2)" \
    'BEGIN { printf "| %-24s | %6.2f s | %6.1f MB per CPU second | %.2f | %5.0f MiB |\n", n, c, m / c, y / c, k }'
done
