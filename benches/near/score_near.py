#!/usr/bin/env python3
"""Scores the documents that a tool took for near duplicates, at its threshold, by language (stdlib only).

    score_near.py --docs out/all.jsonl --pairs out/all.pairs.jsonl --threshold 0.8 --removed LOG... [--measure auto]

LOG: JSONL (.gz and .zst too, or a folder of them) of the documents removed: {"id", "kept": {"id"}, "similarity", ...}. Entries with "lines"
(documents that lost lines and stay) are passed over. Documents that went without a "kept" (a filter took them) are counted apart: they
neither stay nor were taken for copies. --reasons REGEX narrows what counts as taken for a copy (`reason`); the rest counts as filtered.

The truth is the Jaccard similarity J of shingles, computed here by brute force (inverted index), not the labels:
  --measure auto     chars8 for zh, ja, th (letters, marks and digits only); words5 for hi, ar (lower case, no punctuation)
            charsN, wordsN for all languages, or mixed: five tokens (words, numbers; single characters of Han and kana), ten of Thai
            (what buddle's `--shingle auto` is said to be; with --fold)
  --fold             full and half width are the same (NFKC, character by character)
Printed for each language:
  removed    documents removed as copies;  right: J >= t to a document that stays;  wrong: J < t - 0.02 to all that stay (the rest: between)
  truth      documents with J >= t to a document before them that stays, and those rightly removed
  missed     staying with J >= t + 0.05 to a staying one before them;  edge: the same from t to t + 0.05
  P = 1 - wrong / removed;  R = 1 - missed / truth;  strict P = right / removed;  strict R = right / truth
and then the labelled pairs: the share of positives found (one of the two went) by band of J and by edit, and negatives of which one went
for the other. --list N prints the worst N wrong and missed ones; --json FILE writes all figures.
"""
import argparse, collections, glob, gzip, json, os, re, subprocess, sys
from measures import OF, all_pairs, jaccard, lang_of, shingles


def lines(path):
    if path.endswith(".zst"):
        data = subprocess.run(["zstd", "-dcq", path], stdout=subprocess.PIPE, check=True).stdout
    else:
        data = (gzip.open(path) if path.endswith(".gz") else open(path, "rb")).read()
    return (json.loads(l) for l in data.split(b"\n") if l.strip())


def logs(paths):
    for p in paths:
        if os.path.isdir(p):
            for f in sorted(glob.glob(p + "/**/*.jsonl*", recursive=True)):
                yield from lines(f)
        else:
            yield from lines(p)


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--docs", required=True)
    a.add_argument("--pairs")
    a.add_argument("--removed", nargs="+", required=True)
    a.add_argument("--threshold", type=float, required=True)
    a.add_argument("--measure", default="auto")
    a.add_argument("--fold", action="store_true")
    a.add_argument("--reasons")
    a.add_argument("--list", type=int, default=0)
    a.add_argument("--json")
    o = a.parse_args()
    t = o.threshold
    docs = list(lines(o.docs))
    known = {d["id"] for d in docs}
    assert len(known) == len(docs), "an id stands twice"
    gone, filtered, kept_is, alien = set(), set(), {}, 0
    for e in logs(o.removed):
        if "lines" in e or "id" not in e:
            continue
        if e["id"] not in known:
            alien += 1
            continue
        k = e.get("kept")
        k = k.get("id") if isinstance(k, dict) else k
        if (k is None and e.get("similarity") is None) or o.reasons and not re.search(o.reasons, e.get("reason", "")):
            filtered.add(e["id"])
        else:
            gone.add(e["id"])
            kept_is[e["id"]] = (k, e.get("similarity"), e.get("reason", ""))
    filtered -= gone
    if alien:
        print(f"{alien} entries of the log name no document of the set", file=sys.stderr)
    groups = collections.OrderedDict()
    for d in docs:
        groups.setdefault(lang_of(d), []).append(d)
    pairs = list(lines(o.pairs)) if o.pairs else []
    result, bad = {}, []
    print(f"{'':4} {'docs':>6} {'filtered':>8} {'removed':>7} {'right':>6} {'wrong':>5} {'truth':>6} {'missed':>6} {'edge':>5} {'P':>7} {'R':>7} {'strict P':>8} {'strict R':>8}")
    total = collections.Counter()
    for lang, ds in sorted(groups.items()):
        m = OF.get(lang, "words5") if o.measure == "auto" else o.measure
        sets = [shingles(d["text"], m, o.fold) for d in ds]
        ids = [d["id"] for d in ds]
        near = all_pairs(sets, max(0.01, t - 0.25))
        stays = [i not in gone and i not in filtered for i in ids]
        best, before = collections.defaultdict(float), collections.defaultdict(float)  # to any that stays; to one before it
        by = {}
        for (i, j), v in near.items():
            if stays[i]:
                before[j] = max(before[j], v)
                if v > best[j]:
                    best[j], by[j] = v, i
            if stays[j] and v > best[i]:
                best[i], by[i] = v, j
        n = collections.Counter(docs=len(ds), filtered=sum(i in filtered for i in ids))
        off = []
        for k, i in enumerate(ids):
            if i in filtered:
                continue
            if i in gone:
                n["removed"] += 1
                right = best[k] >= t
                n["right"] += right
                if best[k] < t - 0.02:
                    n["wrong"] += 1
                    bad.append((best[k], "wrong", i, ids[by[k]] if k in by else None, kept_is[i]))
                n["truth"] += right or before[k] >= t
                kid, sim, reason = kept_is[i]
                if kid is not None and sim is not None and kid in known:
                    at = ids.index(kid) if kid in ids else None
                    if at is not None:
                        off.append((abs(jaccard(sets[k], sets[at]) - sim), i))
                        n["kept_gone"] += not stays[at]
            elif before[k] >= t:
                n["truth"] += 1
                n["missed" if before[k] >= t + 0.05 else "edge"] += 1
                if before[k] >= t + 0.05:
                    bad.append((before[k], "missed", i, ids[max((x for x in range(k) if stays[x] and (x, k) in near), key=lambda x: near[x, k])], None))
        r = result[lang] = rates(n)
        total.update(n)
        show(lang, r)
        if off:
            off.sort()
            r["similarity_off_mean"], r["similarity_off_max"] = sum(x for x, _ in off) / len(off), off[-1][0]
            r["kept_is_gone"] = n["kept_gone"]
    result["all"] = rates(total)
    show("all", result["all"])
    for lang, r in result.items():
        if "similarity_off_mean" in r:
            print(f"{lang:4} similarity of the log against J here: {r['similarity_off_mean']:.4f} off on average, {r['similarity_off_max']:.4f} at most; kept ones that went themselves: {r['kept_is_gone']}")
    if pairs:
        print("\npositives found (one of the two went), by recorded J | negatives of which one went for the other")
        found, edits, neg = collections.defaultdict(lambda: [0, 0]), collections.defaultdict(lambda: [0, 0]), collections.defaultdict(lambda: [0, 0])
        for p in pairs:
            l = str(p["a"]).split("-")[0]
            if p["kind"] == "positive":
                hit = p["a"] in gone or p["b"] in gone
                j = p["jaccard"]
                band = next(name for least, name in ((0.95, ".95+"), (0.9, ".90-.95"), (0.85, ".85-.90"), (0.8, ".80-.85"), (0.75, ".75-.80"), (0.7, ".70-.75"), (0.65, ".65-.70"), (0, "<.65")) if j >= least)
                for key in ((l, band), ("all", band)):
                    found[key][0] += hit
                    found[key][1] += 1
                if j >= t:
                    edits[p["edit"]][0] += hit
                    edits[p["edit"]][1] += 1
            else:
                hit = any(x in gone and kept_is[x][0] == y for x, y in ((p["a"], p["b"]), (p["b"], p["a"])))
                neg[l, p["kind"]][0] += hit
                neg[l, p["kind"]][1] += 1
        bands = ["<.65", ".65-.70", ".70-.75", ".75-.80", ".80-.85", ".85-.90", ".90-.95", ".95+"]
        print(f"{'':4} " + " ".join(f"{b:>9}" for b in bands))
        for l in list(sorted(groups)) + ["all"]:
            print(f"{l:4} " + " ".join(f"{'%d/%d' % tuple(found[l, b]):>9}" for b in bands) + ("" if l == "all" else "  | " + ", ".join(f"{k} {neg[l, k][0]}/{neg[l, k][1]}" for k in ("hard_negative", "negative"))))
        print(f"by edit, of those with recorded J >= {t}: " + ", ".join(f"{e} {x}/{y}" for e, (x, y) in sorted(edits.items())))
        result["bands"] = {f"{l} {b}": v for (l, b), v in found.items()}
        result["edits"] = dict(edits)
        result["negatives"] = {f"{l} {k}": v for (l, k), v in neg.items()}
    if o.list:
        for what in ("wrong", "missed"):
            x = sorted((b for b in bad if b[1] == what), key=lambda b: (b[0], b[2]) if what == "wrong" else (-b[0], b[2]))[:o.list]
            for v, _, i, other, why in x:
                print(f"{what} {i}: J {v:.4f} to {other}" + (f"; went for {why[0]}, similarity {why[1]}, {why[2]}" if why else ""))
    if o.json:
        json.dump(result, open(o.json, "w"), indent=1)


def rates(n):
    d = lambda a, b: a / b if b else 1.0
    r = {k: n[k] for k in ("docs", "filtered", "removed", "right", "wrong", "truth", "missed", "edge")}
    r["precision"], r["recall"] = 1 - n["wrong"] / max(1, n["removed"]), 1 - n["missed"] / max(1, n["truth"])
    r["strict_precision"], r["strict_recall"] = d(n["right"], n["removed"]), d(n["right"], n["truth"])
    return r


def show(lang, r):
    print(f"{lang:4} {r['docs']:6} {r['filtered']:8} {r['removed']:7} {r['right']:6} {r['wrong']:5} {r['truth']:6} {r['missed']:6} {r['edge']:5} {r['precision']:7.4f} {r['recall']:7.4f} {r['strict_precision']:8.4f} {r['strict_recall']:8.4f}")


main()
