#!/usr/bin/env python3
"""Makes a labelled set of near duplicates in Chinese, Japanese, Thai, Hindi and Arabic (stdlib only).

    make_near.py --text text --out out --seed 1 [--positives 270 --hard 140 --easy 130]

--text is what get_text.sh made. Written for each language:
  <lang>.jsonl        {"id","text"}: an original always stands before its copy, with at least three other documents between
  <lang>.pairs.jsonl  {"a","b","kind","edit","jaccard_chars8","jaccard_words5","jaccard","jaccard_folded","src"}
     kind      positive, hard_negative (shares a paragraph or part of its sentences), negative (unrelated, of the same package)
     jaccard   chars8 for zh, ja, th and words5 for hi, ar: what the strength of the edit was chosen by
     jaccard_folded  the same with width folded (NFKC, character by character)
and all.jsonl, all.pairs.jsonl: the languages interleaved, each in its own order.
"""
import argparse, collections, json, os, random
from edits import Editor, edited
from measures import OF, all_pairs, jaccard, shingles
from phrases import META
from texts import Doc, Words, base_docs

LANGS = ["zh", "ja", "th", "hi", "ar"]

PLAN = [("substitute", 62), ("insert", 24), ("remove", 26), ("insert+remove", 12), ("format", 32), ("prefix", 20), ("suffix", 20), ("prefix+suffix", 12), ("reorder", 26),
        ("substitute+suffix", 12), ("reorder+substitute", 12), ("remove+prefix", 12)]


def one_language(lang, args):
    rng = random.Random(f"{args.seed}-{lang}")
    docs = base_docs(rng, lang, f"{args.text}/{lang}.jsonl")
    print(f"{lang}: {len(docs)} base documents, {sum(len(d.text) for d in docs)} characters", flush=True)
    vocabulary = Words(lang, [d.text for d in docs], args.text)
    need = args.positives + args.hard + args.easy
    # A page of few sentences makes no copy with one more or fewer: longer ones for those edits.
    long_, rest = [d for d in docs if len(d.places()) >= 5 and len(d.text) >= 220], []
    ids = {id(d) for d in long_}
    rest = [d for d in docs if id(d) not in ids]
    total = sum(n for _, n in PLAN)
    plan = [e for e, n in PLAN for _ in range(max(1, round(n * args.positives / total)))]
    rng.shuffle(plan)
    plan = (plan + ["substitute"] * args.positives)[:args.positives]
    targets = [0.605 + 0.385 * (i + 0.5) / args.positives for i in range(args.positives)]
    rng.shuffle(targets)
    if len(docs) < need + args.hard // 2:
        raise SystemExit(f"{lang}: {len(docs)} documents are too few")
    mixed = docs[:]
    rng.shuffle(mixed)
    pos, hard_base, easy, spare = [], [], [], []
    for d in mixed:  # all kinds of length for all; the rest is spare
        (pos if len(pos) < args.positives + 40 else hard_base if len(hard_base) < args.hard + 20 and id(d) in ids else easy if len(easy) < args.easy else spare).append(d)
    ed = Editor(rng, lang, vocabulary, spare)
    out, used = [], set()  # (doc text a, doc text b, kind, edit, src)
    ones = 0
    many = [d for d in pos if id(d) in ids]
    few = [d for d in pos if id(d) not in ids]
    for edit, target in zip(plan, targets):
        done = False
        for attempt in range(12):
            needs = any(k in edit for k in ("insert", "remove", "reorder"))
            pool = many if needs and many else few if few and rng.random() < len(few) / (len(few) + len(many)) else many or few
            if not pool:
                break
            # an edit that leaves nearly all takes a long text, in the main
            d = max(rng.sample(pool, min(5, len(pool))), key=lambda d: len(d.text)) if target > 0.87 and rng.random() < 0.8 else rng.choice(pool)
            if rng.random() < (0.9 if edit == "format" else 0.35):
                x = Doc([[ed.fill(rng.choice(META[lang]))]] + d.paras, d.src)
            else:
                x = d
            t = edited(ed, x, edit, target)
            if t is None or t == x.text:
                continue
            v = ed.j(x.text, t)
            if v == 1.0 and edit == "format" and ones < 6:
                ones += 1
            elif not 0.6 <= v <= 0.993:
                continue
            pool.remove(d)
            out.append((x.text, t, "positive", edit, d.src))
            done = True
            break
        if not done and (many or few):  # any document takes some words
            pool = many if len(many) > len(few) else few
            d = pool.pop()
            t = ed.substitute(d, target)
            v = ed.j(d.text, t) if t else 0
            if t and 0.6 <= v <= 0.993:
                out.append((d.text, t, "positive", "substitute", d.src))
    spare += [d for d in many + few]
    # hard negatives
    n = 0
    for d in hard_base:
        if n == args.hard:
            break
        for _ in range(8):
            want, way = rng.uniform(0.13, 0.7), rng.choice(["half", "block", "paragraph"])
            pkg, at = d.src.split(":")[0], d.places()
            whole = len(d.text)
            if way == "paragraph" and len(d.paras) >= 2:
                p = rng.choice(d.paras)
                own = [list(p)]
            elif way == "block":
                k = rng.uniform(0.35, 0.85) * whole
                flat, got, s = [d.paras[i][j] for i, j in at], 0, []
                i = rng.randrange(len(flat))
                while got < k and i < len(flat):
                    s.append(flat[i])
                    got += len(flat[i])
                    i += 1
                own = [[ed.join(x) for x in s]]
            else:
                way = "half"
                s = [d.paras[i][j] for i, j in sorted(rng.sample(at, max(1, round(len(at) * rng.uniform(0.4, 0.7)))))]
                own = [[x] for x in s]
            x = sum(len(s) for p in own for s in p)
            y = x / want - whole
            if y < 0.2 * x or y > 2200 or x < 40 or len(spare) < 3:
                continue
            new, got = [], 0
            while got < y:
                s = ed.foreign(pkg)
                new.append(ed.join(s))
                got += len(s)
            if way == "half":  # half of the sentences, others between them
                cut = sorted(rng.randrange(len(own) + 1) for _ in new)
                paras, k = [], 0
                for i in range(len(own) + 1):
                    while k < len(cut) and cut[k] == i:
                        paras.append([new[k]])
                        k += 1
                    if i < len(own):
                        paras.append(own[i])
                merged = []
                for p in paras:
                    if merged and rng.random() < 0.5:
                        merged[-1][-1] = ed.join(merged[-1][-1])
                        merged[-1] += p
                    else:
                        merged.append(list(p))
                b = Doc(merged, d.src)
            else:
                k = rng.randrange(len(new) + 1)
                b = Doc([p for p in [new[:k]] + own + [new[k:]] if p], d.src)
            v = ed.j(d.text, b.text)
            if 0.08 <= v < 0.6 and len(b.text) <= 3200:
                out.append((d.text, b.text, "hard_negative", way, d.src))
                n += 1
                break
    # unrelated ones of the same package: two and two of the documents that have no copy
    by = collections.defaultdict(list)
    for d in easy:
        by[d.src.split(":")[0]].append(d)
    singles, pairs = [], []
    for pkg, ds in sorted(by.items()):
        for a, b in zip(ds, ds[1:] + ds[:1]):
            singles.append(a)
            if a is not b and len(pairs) < args.easy:
                pairs.append((a, b))
    # the order
    items = []  # [place, text, key]
    for k, (a, b, *_) in enumerate(out):
        u = rng.random() * 0.93
        v = u + rng.uniform(0.006, 0.03) if rng.random() < 0.4 else rng.uniform(u + 0.006, 1)
        items += [[u, a, (k, 0)], [v, b, (k, 1)]]
    for d in singles:
        items.append([rng.random(), d.text, (id(d), 2)])
    items.sort(key=lambda x: x[0])
    while True:  # three others between, at least
        at = {x[2]: i for i, x in enumerate(items)}
        near = [k for k in range(len(out)) if at[k, 1] - at[k, 0] < 4]
        if not near:
            break
        for k in near:
            at = {x[2]: i for i, x in enumerate(items)}
            b = items.pop(at[k, 1])
            if at[k, 0] + 5 > len(items):
                a = items.pop(at[k, 0])
                items.insert(rng.randrange(len(items) // 2), a)
                items.append(b)
            else:
                items.insert(min(len(items), at[k, 0] + rng.randrange(4, 12)), b)
    name = {x[2]: f"{lang}-{i + 1:05}" for i, x in enumerate(items)}
    docs_out = [{"id": name[x[2]], "text": x[1]} for x in items]
    rows = []
    def row(a, b, ta, tb, kind, edit, src):
        c, w = [jaccard(shingles(ta, m), shingles(tb, m)) for m in ("chars8", "words5")]
        f = jaccard(shingles(ta, OF[lang], True), shingles(tb, OF[lang], True))
        rows.append({"a": a, "b": b, "kind": kind, "edit": edit, "jaccard_chars8": round(c, 5), "jaccard_words5": round(w, 5),
                     "jaccard": round(c if OF[lang] == "chars8" else w, 5), "jaccard_folded": round(f, 5), "src": src})
    for k, (a, b, kind, edit, src) in enumerate(out):
        row(name[k, 0], name[k, 1], a, b, kind, edit, src)
    for a, b in pairs:
        x, y = sorted([(name[id(a), 2], a.text), (name[id(b), 2], b.text)])
        row(x[0], y[0], x[1], y[1], "negative", "unrelated", a.src)
    rows.sort(key=lambda r: (r["b"], r["a"]))
    # nothing is like anything that it was not made from
    meant = {(r["a"], r["b"]) for r in rows}
    found = all_pairs([shingles(d["text"], OF[lang]) for d in docs_out], 0.1)
    odd = {(docs_out[i]["id"], docs_out[j]["id"]): v for (i, j), v in found.items() if (docs_out[i]["id"], docs_out[j]["id"]) not in meant}
    print(f"{lang}: {len(docs_out)} documents, pairs {dict(collections.Counter(r['kind'] for r in rows))}; alike without being meant so: {len(odd)}, at most {max(odd.values(), default=0):.3f}; spare documents left {len(spare)}", flush=True)
    return docs_out, rows


def write(path, rows):
    with open(path, "w", encoding="utf-8") as w:
        for r in rows:
            w.write(json.dumps(r, ensure_ascii=False) + "\n")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--text", default="text")
    p.add_argument("--out", default="out")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--positives", type=int, default=270)
    p.add_argument("--hard", type=int, default=140)
    p.add_argument("--easy", type=int, default=130)
    p.add_argument("--langs", default=",".join(LANGS))
    args = p.parse_args()
    os.makedirs(args.out, exist_ok=True)
    every, pairs = [], []
    for n, lang in enumerate(args.langs.split(",")):
        docs, rows = one_language(lang, args)
        write(f"{args.out}/{lang}.jsonl", docs)
        write(f"{args.out}/{lang}.pairs.jsonl", rows)
        every += [((i + 0.5) / len(docs), n, d) for i, d in enumerate(docs)]
        pairs += rows
    every.sort(key=lambda x: x[:2])
    write(args.out + "/all.jsonl", [d for _, _, d in every])
    write(args.out + "/all.pairs.jsonl", pairs)


main()
