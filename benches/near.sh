#!/usr/bin/env bash
# Makes the figures of docs/near.md: near.sh FOLDER SCORER [RUNS]
# FOLDER: corpus.jsonl and truth.jsonl of the generator of the benchmark set. SCORER: its score.py, which says which of the documents removed were copies
# and which copies were removed. Prints user + sys seconds without languages (least of RUNS, 5; the variants take turns) and peak memory, asserts that
# --memory 128M writes the same bytes, and prints the scores at a threshold of 0.72 (the generator's). Of corpora up to 200 MB also the scores with
# languages, and what benches/near/truth.py finds by exact similarities of the documents without their furniture (it holds all shingles).
# BUDDLE: another binary than target/release/buddle.
set -euo pipefail
folder=$(realpath "$1"); scorer=$(realpath "$2"); runs=${3:-5}
cd "$(dirname "$0")/.."
if [ -z "${BUDDLE:-}" ]; then
  cargo build --release --quiet --locked
  BUDDLE=$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/release/buddle
fi
corpus=$folder/corpus.jsonl
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
clean() { # folder, flags
  local to=$1; shift
  rm -rf "$to"
  "$BUDDLE" clean "$corpus" -q -j 2 "$@" -o "$to"
}
names=("neither" "near" "near, covered")
flags=("" "--near --near-threshold 0.72" "--near --near-threshold 0.72 --covered")
echo "## cost without languages"
for _ in $(seq "$runs"); do
  for n in 0 1 2; do
    rm -rf "$work/out$n"
    /usr/bin/time -f '%U %S %M' -o "$work/time" "$BUDDLE" clean "$corpus" -q -j 2 --langid none ${flags[$n]} -o "$work/out$n"
    awk '{ print $1 + $2, $3 / 1024 }' "$work/time" >>"$work/cost$n"
  done
done
for n in 0 1 2; do
  sort -n "$work/cost$n" | awk -v n="${names[$n]}" -v b="$(stat -c %s "$corpus")" '
    NR == 1 { s = $1 } $2 > m { m = $2 } END { printf "%-14s %7.2f CPU seconds, %6.1f MB per CPU second, %5.0f MiB at the peak\n", n, s, b / 1e6 / s, m }'
done
clean "$work/little" --langid none ${flags[2]} --memory 128M
cmp "$work/out2/manifest.json" "$work/little/manifest.json"
diff -r "$work/out2/data" "$work/little/data"
echo "--memory 128M: the same bytes"
score() { # name, washed folder
  python3 "$scorer" "$folder" "$2" | awk -v n="$1" '/^docs  out/ { $1 = ""; print n ":" $0 } /^docs  near/ { print "   " $0 }'
}
echo "## removed against the generator's truth"
for n in 0 1 2; do score "${names[$n]}" "$work/out$n"; done
[ "$(stat -c %s "$corpus")" -le 200000000 ] || exit 0
for n in 0 1 2; do
  clean "$work/out" ${flags[$n]}
  score "${names[$n]} (languages)" "$work/out"
done
echo "## against exact similarities: the same documents without their furniture"
python3 -c 'import json, sys
for document, truth in zip(open(sys.argv[1]), open(sys.argv[2])):
    document = json.loads(document)
    lines = zip(document["text"].split("\n"), json.loads(truth)["lines"])
    document["text"] = "\n".join(line for line, kind in lines if kind == "c")
    print(json.dumps(document, ensure_ascii=False))' "$corpus" "$folder/truth.jsonl" >"$work/content.jsonl"
for threshold in 0.72 0.8; do
  rm -rf "$work/out"
  "$BUDDLE" clean "$work/content.jsonl" -q --langid none --site-from none --near --near-threshold $threshold -o "$work/out"
  echo "threshold $threshold"
  python3 benches/near/truth.py "$work/content.jsonl" "$work/out" $threshold
done
