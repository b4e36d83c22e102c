#!/usr/bin/env bash
# An index of many crawls: what it takes to build, on disk and in memory, and how fast it answers.
#   benches/index.sh BUDDLE OUT [MILLIONS OF LINES] [CRAWLS]
# Makes CRAWLS crawls of other sites whose pages hold each line twice (a tenth as many documents as lines), builds the index of each, merges them, looks at
# every page of the outcome, then washes pages of all crawls against it, in one pass and beside its own survey. The defaults (100 million lines, 10 million
# documents) take some 20 minutes on two cores and 25 GB of disk.
set -euo pipefail
buddle=$(realpath "$1") out=$2 lines=${3:-100} crawls=${4:-10}
here=$(realpath "$(dirname "$0")")
mkdir -p "$out"
cd "$out"
measured() { # label, command…: seconds of wall and CPU, peak memory
    local label=$1
    shift
    /usr/bin/time -f "$label	%e s	%U+%S s of CPU	%M KiB" -o time.txt "$@"
    cat time.txt
}
documents=$((lines * 100000 / crawls))
parts=()
for n in $(seq "$crawls"); do
    part="crawl-$n"
    parts+=("$part")
    python3 "$here/index/make_crawl.py" "$n" "$documents" >crawl.jsonl
    head -n $((100000 / crawls)) crawl.jsonl >>again.jsonl.part
    bytes=$(stat -c %s crawl.jsonl)
    measured "build $part ($bytes bytes)" "$buddle" index build crawl.jsonl --near --langid none -q --overwrite -o "$part"
done
rm crawl.jsonl
mv again.jsonl.part again.jsonl
measured merge "$buddle" index merge "${parts[@]}" --overwrite -o all
rm -r "${parts[@]}"
"$buddle" index info all | tee info.json
stat -c '%n %s' all/*.idx
python3 - <<'P'
import json, os
info = json.load(open("info.json"))
print(f"{info['line_bytes'] / info['lines']:.1f} bytes a line of a site, with sites and filters")
print(f"{os.path.getsize('all/documents.idx') / info['documents']:.1f} bytes a document with signature, {os.path.getsize('all/shingles.idx') / info['documents']:.1f} of shingles")
P
measured check "$buddle" index check all
stat -c 'look-ups of %s bytes' again.jsonl
for mode in "--one-pass" "" "--near"; do
    # shellcheck disable=SC2086
    measured "clean $mode --index" "$buddle" clean again.jsonl $mode --index all --langid none --removed none -o again.out.jsonl --report report.json
    python3 -c 'import json; r = json.load(open("report.json")); print({k: v["documents"] for k, v in r["removed_documents"].items()}, r["input"])'
done
measured "clean, no index" "$buddle" clean again.jsonl --langid none --removed none -o again.out.jsonl
