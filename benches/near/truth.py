#!/usr/bin/env python3
"""Holds the near duplicates that `buddle clean --near` removed against exact similarities, computed here by other means (standard library).

    truth.py DOCUMENTS FOLDER THRESHOLD [TRUTH]

DOCUMENTS: the JSONL that was washed, FOLDER: what buddle made of it, TRUTH: the generator's truth.jsonl, by which furniture is left out (else whole texts
are compared). Shingles are strings here, not hashes: five words in a row (runs of letters, marks and digits, lower case), five characters of Han and kana, ten of
Thai, Lao, Khmer and Burmese. Pairs come from a prefix filter (Bayardo, Ma, Srikant 2007), which loses none.

Printed:
  removed   near duplicates removed, and how many of those have no document that stays with a similarity >= THRESHOLD - 0.02 (wrongly removed)
  found     of the documents with a similarity >= THRESHOLD + 0.05 to some document before them: how many are gone (for any reason)
"""
import glob, io, json, subprocess, sys, unicodedata
from array import array
from collections import Counter

def opened(path):
    if path.endswith(".zst"):
        return io.BufferedReader(subprocess.Popen(["zstd", "-dcq", path], stdout=subprocess.PIPE).stdout)
    return open(path, "rb")

def kind(c):
    o = ord(c)
    if 0x3040 <= o <= 0x30FF or 0x3400 <= o <= 0x9FFF or 0xF900 <= o <= 0xFAFF or o >= 0x20000 and c.isalpha():
        return 2
    if 0xE00 <= o <= 0x109F or 0x1780 <= o <= 0x17FF:
        return 3 if unicodedata.category(c)[0] in "LM" else 1 if unicodedata.category(c)[0] == "N" else 0
    return 1 if unicodedata.category(c)[0] in "LMN" else 0

KIND = {}
def tokens(text):
    out, word = [], []
    stopless = 0
    for c in unicodedata.normalize("NFKC", text).lower():
        k = KIND.get(c)
        if k is None:
            k = KIND[c] = kind(c)
        if k == 1:
            word.append(c)
            continue
        if word:
            out.append("".join(word))
            word = []
        if k:
            out.append(c)
            stopless += k == 3
    if word:
        out.append("".join(word))
    return out, 10 if stopless * 2 > len(out) else 5

def shingles(text):
    t, n = tokens(text)
    return {hash(" ".join(t[i:i + n])) for i in range(len(t) - n + 1)}

def main():
    documents, folder, threshold = sys.argv[1], sys.argv[2], float(sys.argv[3])
    truth = [json.loads(l) for l in open(sys.argv[4], "rb")] if len(sys.argv) > 4 else None
    near, gone = {}, set()
    for f in sorted(glob.glob(folder + "/removed/documents*")):
        for l in opened(f):
            d = json.loads(l)
            if "reason" in d:
                gone.add(d["position"] - 1)
                if d["reason"] == "document_near":
                    near[d["position"] - 1] = (d["kept"]["position"] - 1, d["similarity"])
    sets, same = [], {}
    for n, l in enumerate(open(documents, "rb")):
        text = json.loads(l)["text"]
        if truth:
            text = "\n".join(a for a, c in zip(text.split("\n"), truth[n]["lines"]) if c == "c")
        s = array("q", sorted(shingles(text)))
        sets.append(s)
    df = Counter()
    for s in sets:
        df.update(s)
    def jaccard(a, b):
        a, b = set(sets[a]), set(sets[b])
        return len(a & b) / max(1, len(a | b))
    least = threshold - 0.02
    index = {}
    # Every document against all before it: postings of its rarest shingles.
    wrong, high, found, off, worst = 0, 0, 0, [], 1.0
    best_any, best_stays = {}, {}
    first = {}
    for n, s in enumerate(sets):
        if not s:
            continue
        key = bytes(s)
        if key in first:
            best_any[n] = 1.0
            if n not in near:
                continue
        first.setdefault(key, n)
        rare = sorted(s, key=lambda h: (df[h], h))
        prefix = rare[:len(s) - int(-(-least * len(s) // 1)) + 1]
        seen = set()
        for h in prefix:
            seen.update(index.get(h, ()))
        for m in seen:
            if min(len(s), len(sets[m])) < least * max(len(s), len(sets[m])):
                continue
            j = jaccard(n, m)
            if j > best_any.get(n, 0):
                best_any[n] = j
            # Whichever stays counts for the other.
            for x, y in ((n, m), (m, n)):
                if y not in gone and j > best_stays.get(x, 0):
                    best_stays[x] = j
        if first[key] == n:
            for h in prefix:
                index.setdefault(h, []).append(n)
    for n, (kept, said) in near.items():
        j = jaccard(n, kept)
        off.append(abs(j - said))
        if max(j, best_stays.get(n, 0)) < least:
            wrong += 1
            worst = min(worst, j)
    for n, j in best_any.items():
        if j >= threshold + 0.05:
            high += 1
            found += n in gone
    both = sum(1 for n, j in best_stays.items() if j >= threshold + 0.05 and n not in gone)
    print(f"removed  {len(near)} near duplicates, {wrong} wrongly (worst {worst:.3f}); similarity off by {sum(off) / max(1, len(off)):.4f} on average")
    print(f"found    {found} of {high} documents with one before them at >= {threshold + 0.05:.2f} = {found / max(1, high):.5f}; {both} stay beside one that stays")

main()
