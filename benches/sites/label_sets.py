#!/usr/bin/env python3
"""Labelled corpora of other makers as the sets that `buddle train` reads: {"site","lang","url","lines":[…],"labels":"mfs…"}.

    label_sets.py docsites DIR OUT.jsonl     DIR: corpus.jsonl, truth.jsonl of labels m, f, s (also what make_sites.py writes)
    label_sets.py bench DIR OUT.jsonl        DIR: a generated corpus; site furniture is f, content m, captions (a rule of their own) and repeats s
    label_sets.py daniel DIR OUT.jsonl       DIR: holds daniel/{pages,gold}.jsonl.gz: a line is m where the gold text has it
    label_sets.py natural DIR OUT.jsonl      DIR: text files, all of it main text: each in 5 pages of a site, and in 15
"""
import glob, gzip, html, json, os, re, sys, unicodedata


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


if __name__ == "__main__":
    kinds = {"docsites": docsites, "bench": bench, "daniel": daniel, "natural": natural}
    if len(sys.argv) != 4 or sys.argv[1] not in kinds:
        sys.exit(__doc__)
    write(sys.argv[3], kinds[sys.argv[1]](sys.argv[2].rstrip("/")))
