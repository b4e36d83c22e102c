#!/usr/bin/env python3
"""Labelled sets of real sites: pages of public repositories that hold built web sites, each line labelled by the site's own markup.

    make_sites.py --base DIR --out DIR [--tsv sites.tsv] [--kind K,…] [--site S,…] [--form lines|markdown|glued] [--show N]

--base   the folder of get_sites.sh: OWNER+NAME (a bare repository) a source.
--out    gets KIND/ (fit) and KIND.held/ (a third of the sites of the kind, by hash of the name): corpus.jsonl {"id","url","text"},
         truth.jsonl {"id","site","lang","lines":"mfs…"} and set.jsonl {"site","lang","url","lines":[…],"labels":"mfs…"} (what `buddle train` reads).
--show   prints N pages a site with their labels instead.

Columns of the table: site, kind, repository, commit, globs (below the repository; `!glob` leaves out; * crosses folders), most (pages at
most, spread evenly over the sorted paths), lang, and the selectors main, furniture, soft, drop. Same input, same bytes.
Needs git, lxml and cssselect. The pages are their authors': measure with them, publish nothing of them.
"""
import argparse, collections, fnmatch, hashlib, json, os, subprocess, sys

from pages import FORMS, Template, decode

HERE = os.path.dirname(os.path.abspath(__file__))


def table(path):
    rows = [l.rstrip("\n").split("\t") for l in open(path, encoding="utf-8") if l.strip() and not l.startswith("#")]
    return [dict(zip(rows[0], r + [""] * (len(rows[0]) - len(r)))) for r in rows[1:]]


def held_back(rows):
    """Names of the sites that are held back: of each kind the third whose names hash lowest."""
    kinds = collections.defaultdict(list)
    for row in rows:
        kinds[row["kind"]].append(row["site"])
    key = lambda site: hashlib.sha256(site.encode()).digest()
    return {s for sites in kinds.values() for s in sorted(sites, key=key)[: len(sites) // 3]}


class Repository:
    def __init__(self, base, name, commit):
        self.git = ["git", "--git-dir", os.path.join(base, name.replace("/", "+"))]
        self.commit = commit or "HEAD"

    def paths(self, globs):
        """Sorted (path, object) of the files that the globs take."""
        take, leave = [g for g in globs if g[0] != "!"], [g[1:] for g in globs if g[0] == "!"]
        out = subprocess.run(self.git + ["ls-tree", "-r", "-z", self.commit], check=True, capture_output=True).stdout.decode("utf-8", "replace")
        rows = (r.split("\t", 1) for r in out.split("\0") if r)
        hit = lambda p, gs: any(fnmatch.fnmatchcase(p, g) for g in gs)
        return sorted((p, m.split()[2]) for m, p in rows if m.startswith("100") and hit(p, take) and not hit(p, leave))

    def files(self, objects):
        """The bytes of each object, in order; None for one that the copy lacks."""
        with subprocess.Popen(self.git + ["cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as p:
            for o in objects:
                p.stdin.write(o.encode() + b"\n")
                p.stdin.flush()
                head = p.stdout.readline().split()
                yield p.stdout.read(int(head[2]) + 1)[:-1] if len(head) == 3 else None
            p.stdin.close()


def pages_of(row, base, form, most):
    """(path, [(line, label)]) of a site's pages, and how many were found, lacked a main part, were empty."""
    repository, template = Repository(base, row["repository"], row["commit"]), Template(row["main"], row["furniture"], row["soft"], row["drop"])
    found = repository.paths(row["globs"].split())
    n = min(len(found), most or int(row["most"] or 300))
    taken = [found[i * len(found) // n] for i in range(n)] if n else []
    counts, pages = collections.Counter(found=len(found)), []
    for (path, _), data in zip(taken, repository.files(o for _, o in taken)):
        lines = template.lines(decode(data), form) if data else []
        counts["no main part" if lines is None else "pages" if lines else "empty"] += 1
        if lines:
            pages.append((path, lines))
    return pages, counts


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--base", required=True)
    a.add_argument("--out")
    a.add_argument("--tsv", default=os.path.join(HERE, "sites.tsv"))
    a.add_argument("--kind", default="")
    a.add_argument("--site", default="")
    a.add_argument("--form", choices=FORMS, default="lines")
    a.add_argument("--show", type=int, default=0)
    o = a.parse_args()
    rows = table(o.tsv)
    held, sets = held_back(rows), {}
    for row in rows:
        if o.kind and row["kind"] not in o.kind.split(",") or o.site and row["site"] not in o.site.split(","):
            continue
        pages, counts = pages_of(row, o.base, o.form, o.show)
        labels = collections.Counter(l for _, lines in pages for _, l in lines)
        print(f"{row['kind']:8} {row['site']:20}{' held' if row['site'] in held else '':5}", dict(counts), dict(labels), file=sys.stderr)
        if o.show:
            for path, lines in pages:
                print(f"#### {row['site']} {path}: {len(lines)} lines")
                for t, l in lines if len(lines) <= 60 else lines[:35] + [("…", " ")] + lines[-24:]:
                    print(f"  {l} {t[:120]}")
            continue
        name = row["kind"] + (".held" if row["site"] in held else "")
        sets.setdefault(name, []).extend((row, path, lines) for path, lines in pages)
    if o.show:
        return
    if not o.out:
        sys.exit("--out DIR is missing")
    for name, pages in sets.items():
        folder = os.path.join(o.out, name)
        os.makedirs(folder, exist_ok=True)
        with open(f"{folder}/corpus.jsonl", "w") as corpus, open(f"{folder}/truth.jsonl", "w") as truth, open(f"{folder}/set.jsonl", "w") as labelled:
            for row, path, lines in pages:
                id, url = f"{row['site']}/{path}", f"https://{row['site']}.example/{path}"
                texts, labels = [t for t, _ in lines], "".join(l for _, l in lines)
                for f, record in (
                    (corpus, {"id": id, "url": url, "text": "\n".join(texts)}),
                    (truth, {"id": id, "site": row["site"], "lang": row["lang"], "lines": labels}),
                    (labelled, {"site": row["site"], "lang": row["lang"], "url": url, "lines": texts, "labels": labels}),
                ):
                    f.write(json.dumps(record, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
