#!/usr/bin/env python3
"""What washed labelled corpora cost: (main characters removed * 20 + furniture characters left) / furniture characters; removing nothing is 1.

    price.py CORPUS_DIR OUTPUT.jsonl…     CORPUS_DIR: corpus.jsonl and truth.jsonl of make_sites.py; OUTPUT: objects with "id" and "text"

A line of the input counts as kept where the output document holds it in order. A row an output: price of all sites together and its mean over sites (none
counted as more than 2), the same for main text of which no equal line is left, main removed, lost, furniture removed by characters.
"""
import collections, json, sys


def norm(line):
    return " ".join(line.split())


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    folder = sys.argv[1]
    for path in sys.argv[2:]:
        with open(path, encoding="utf-8") as f:
            kept = {d["id"]: [norm(l) for l in d["text"].split("\n")] for d in map(json.loads, f)}
        left = {l for lines in kept.values() for l in lines}
        sites = collections.defaultdict(collections.Counter)
        with open(folder + "/corpus.jsonl", encoding="utf-8") as a, open(folder + "/truth.jsonl", encoding="utf-8") as b:
            for page, truth in zip(map(json.loads, a), map(json.loads, b)):
                s, out, at = sites[truth["site"]], kept.get(page["id"], []), 0
                where = collections.defaultdict(list)
                for i, l in enumerate(out):
                    where[l].append(i)
                for line, label in zip(map(norm, page["text"].split("\n")), truth["lines"]):
                    next_at = next((i for i in where.get(line, ()) if i >= at), None)
                    at = at if next_at is None else next_at + 1
                    n, gone = len(line), next_at is None
                    if label == "m":
                        s["main"] += n
                        s["removed"] += n * gone
                        s["lost"] += n * (gone and line not in left)
                    elif label == "f":
                        s["furniture"] += n
                        s["left"] += n * (not gone)
        total = sum(sites.values(), collections.Counter())
        price = lambda s, what: (20 * s[what] + s["left"]) / max(1, s["furniture"])
        mean = lambda what: sum(min(2, price(s, what)) for s in sites.values()) / len(sites)
        print(f"{path.split('/')[-1]:24} price {price(total, 'removed'):7.3f} by site {mean('removed'):.3f}  of what is lost {price(total, 'lost'):6.3f} by site {mean('lost'):.3f}"
              f"  main removed {total['removed'] / total['main']:.4f} lost {total['lost'] / total['main']:.4f}  furniture removed {1 - total['left'] / max(1, total['furniture']):.3f}")


main()
