#!/usr/bin/env python3
"""Labelled corpora of other makers as the sets that `buddle train` reads: {"site","lang","url","lines":[…],"labels":"mfs…"}.

    label_sets.py docsites DIR OUT.jsonl     DIR: corpus.jsonl, truth.jsonl of labels m, f, s (also what make_sites.py writes)
    label_sets.py bench DIR OUT.jsonl        DIR: a generated corpus; site furniture is f, content m, captions (a rule of their own) and repeats s
    label_sets.py daniel DIR OUT.jsonl       DIR: holds daniel/{pages,gold}.jsonl.gz: a line is m where the gold text has it
    label_sets.py natural DIR OUT.jsonl      DIR: text files, all of it main text: each in 5 pages of a site, and in 15
    label_sets.py plain DIR OUT.jsonl        DIR: text files LANG.txt, a passage a line: sites put together from them, with plain menus whose items
                                             vary from page to page, and with headings that recur among a page's own text
"""
import glob, gzip, html, json, os, random, re, sys, unicodedata


def write(out, rows):
    with open(out, "w", encoding="utf-8") as f:
        for site, lang, url, lines, labels in rows:
            pairs = [(l, c) for l, c in zip(lines, labels) if l.strip()]
            row = {"site": site, "lang": lang, "url": url, "lines": [l for l, _ in pairs], "labels": "".join(c for _, c in pairs)}
            f.write(json.dumps(row, ensure_ascii=False) + "\n")


def paired(folder):
    with open(folder + "/corpus.jsonl", encoding="utf-8") as a, open(folder + "/truth.jsonl", encoding="utf-8") as b:
        for x, y in zip(a, b):
            yield json.loads(x), json.loads(y)


def docsites(folder):
    for page, truth in paired(folder):
        yield truth["site"], truth["lang"], page["url"], page["text"].split("\n"), truth["lines"]


def bench(folder):
    for page, truth in paired(folder):
        labels = truth["lines"].translate(str.maketrans("bcfr", "fmss"))
        yield truth["host"], truth["lang"], page.get("url", ""), page["text"].split("\n"), labels


def words(line):
    line = "".join(c for c in unicodedata.normalize("NFKC", line) if unicodedata.category(c) != "Cf")
    return re.findall(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+", line.lower())


def daniel(folder):
    """A line is main text where four fifths of its sequences of three words stand in the gold text, or it is a line of it."""
    pages, golds = ([json.loads(l) for l in gzip.open(f"{folder}/daniel/{name}.jsonl.gz", "rt", encoding="utf-8")] for name in ("pages", "gold"))
    golds = {gold["id"]: gold["text"] for gold in golds}
    for page in pages:
        gold = re.sub(r"(?i)</?(p|h\d?|l|li|br|tr|td|th|div|table|ul|ol|pre|blockquote)\b[^>]*>", "\n", golds[page["id"]])
        gold = html.unescape(html.unescape(re.sub(r"<[^<>]{1,400}>", "", gold)))
        whole, run = {tuple(words(l)) for l in gold.splitlines()}, words(gold)
        threes = set(zip(run, run[1:], run[2:]))
        labels, lines = "", page["text"].split("\n")
        for line in map(words, lines):
            own = list(zip(line, line[1:], line[2:]))
            has = sum(t in threes for t in own) >= 0.8 * len(own) if own else tuple(line) in whole
            labels += "s" if not line else "m" if has else "f"
        host = page["url"].split("://", 1)[-1].split("/", 1)[0].lower().removeprefix("www.")
        yield host, page.get("lang_gold", ""), page["url"], lines, labels


def natural(folder):
    for path in sorted(glob.glob(folder + "/*.txt")):
        name = os.path.basename(path)[:-4]
        with open(path, encoding="utf-8") as f:
            lines = [l for l in f.read().split("\n") if l.strip()]
        for pages in (5, 15):
            for i in range(pages):
                part = lines[i * len(lines) // pages : (i + 1) * len(lines) // pages]
                if part:
                    yield f"{name}-{pages}", "", f"https://{name}-{pages}.example/{i}", part, "m" * len(part)


def some(items, style, n, r):
    """The items of a menu that page n shows: all, from the first on, to the last, without the section's own, without some."""
    drop = {"all": (), "head": range(1 + n % len(items), len(items)), "tail": range(n % len(items)), "section": (n % len(items),)}
    gone = drop[style] if style in drop else [k for k in range(len(items)) if r.random() < 0.3]
    return [item for k, item in enumerate(items) if k not in gone]


def plain(folder):
    styles = ["all", "head", "tail", "section", "some"]
    for path in sorted(glob.glob(folder + "/*.txt")):
        lang = os.path.basename(path)[:-4]
        r = random.Random(lang)
        with open(path, encoding="utf-8") as f:
            passages = sorted({l.strip() for l in f})
        short = [p for p in passages if 3 <= len(p) <= 24 and not re.search(r"[\d.:;!?。]$", p)]
        long = [p for p in passages if len(p) >= (25 if lang in ("zh", "ja", "ko") else 60)]
        for k, pages in enumerate([4, 6, 9, 12, 20, 40, 100, 12, 40]):
            names, texts = r.sample(short, 60), iter(r.sample(long, len(long)))
            head, foot, structure = names[: r.randint(2, 12)], names[12 : 12 + r.randint(1, 8)], names[20 : 20 + r.randint(1, 4)]
            of_head, of_foot, titled, often = r.choice(styles), r.choice(styles), r.random() < 0.6, r.choice([0, 0.3, 0.7, 1])
            for n in range(pages):
                own = [(next(texts, "")[:40], "m")] if titled else []
                for _ in range(r.randint(1, 4)):
                    own += [(r.choice(structure), "m")] if r.random() < often else []
                    own += [(next(texts, ""), "m") for _ in range(r.randint(1, 4))]
                rows = [(l, "f") for l in some(head, of_head, n, r)] + own + [(l, "f") for l in some(foot, of_foot, n, r)]
                site = f"{lang}{k}.plain.example"
                yield site, lang, f"https://{site}/{n}", [l for l, _ in rows], "".join(c for _, c in rows)


if __name__ == "__main__":
    kinds = {"docsites": docsites, "bench": bench, "daniel": daniel, "natural": natural, "plain": plain}
    if len(sys.argv) != 4 or sys.argv[1] not in kinds:
        sys.exit(__doc__)
    write(sys.argv[3], kinds[sys.argv[1]](sys.argv[2].rstrip("/")))
