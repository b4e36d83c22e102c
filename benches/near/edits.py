"""Copies of a document that are as like it as is asked."""
import re
from measures import OF, jaccard, shingles
from phrases import DIGITS, META, MONTHS, NAMES, PREFIX, SITES, SUFFIX, TEASER
from texts import SEP, Doc, sentences


class Editor:
    def __init__(self, rng, lang, vocabulary, spare):
        self.rng, self.lang, self.words, self.spare, self.m = rng, lang, vocabulary, spare, OF[lang]
        self.bits = {}

    def j(self, a, b):
        return jaccard(shingles(a, self.m), shingles(b, self.m))

    def fill(self, template):
        r = self.rng
        y = r.randrange(2009, 2024)
        return template.format(y=y, by=y + 543, m=(m := r.randrange(1, 13)), mon=MONTHS.get(self.lang, [""] * 12)[m - 1], d=r.randrange(1, 29), H=f"{r.randrange(24):02}",
                               M=f"{r.randrange(60):02}", n=r.randrange(120, 60000), k=r.randrange(2, 90), site=r.choice(SITES[self.lang]), name=r.choice(NAMES[self.lang]))

    def foreign(self, pkg):
        """A sentence of a document that is used for nothing else, of the same package where there is one."""
        q = self.bits.get(pkg)
        if not q:
            d = next((d for d in self.spare if d.src.split(":")[0] == pkg), self.spare[0] if self.spare else None)
            if d is None:
                raise SystemExit(f"{self.lang}: no text is left; ask for fewer pairs")
            self.spare.remove(d)
            q = self.bits[pkg] = [s.strip() for p in d.paras for s in p if len(s.strip()) > 12]
            return self.foreign(pkg)
        return q.pop(0)

    def join(self, s):
        return s.strip() + SEP[self.lang]

    def substitute(self, doc, target):
        text = doc.text
        toks = self.words.cut(text)
        at = [(i, x) for i, w in enumerate(toks) for x in [self.words.other(self.rng, w)] if x and x != w]
        if not at:
            return None
        self.rng.shuffle(at)
        a = shingles(text, self.m)

        def first(k):
            t = list(toks)
            for i, x in at[:k]:
                t[i] = x
            return "".join(t)
        lo, hi = 1, len(at)
        while lo < hi:  # the least number of words that brings it to the target
            mid = (lo + hi) // 2
            if jaccard(a, shingles(first(mid), self.m)) <= target:
                hi = mid
            else:
                lo = mid + 1
        best = min((k for k in (lo - 1, lo) if k >= 1), key=lambda k: abs(jaccard(a, shingles(first(k), self.m)) - target))
        return first(best)

    def sentences(self, doc, target, way):
        d, text, last = doc.copy(), doc.text, None
        pkg = doc.src.split(":")[0]
        for _ in range(60):
            do = way if way != "both" else self.rng.choice(["insert", "remove"])
            before = d.copy()
            at = d.places()
            if do == "remove":
                if len(at) < 3:
                    break
                i, j = self.rng.choice(at)
                d.paras[i].pop(j)
                d.paras = [p for p in d.paras if p]
            else:
                i, j = self.rng.choice(at)
                j += self.rng.randrange(2)
                if j > 0:
                    d.paras[i][j - 1] = self.join(d.paras[i][j - 1])
                d.paras[i].insert(j, self.join(self.foreign(pkg)))
            v = self.j(text, d.text)
            if v <= target:
                if last is not None and abs(last - target) < abs(v - target) or v < 0.6 and last is not None:
                    d = before
                break
            last = v
        return d.text

    def numbers(self, text, share):
        r = self.rng

        def other(m):
            if r.random() > share:
                return m[0]
            n = int(m[0])
            if 1900 <= n < 2100 or 2500 <= n < 2600:  # a year
                return str(n + r.choice([-3, -2, -1, 1, 2, 3]))
            top = next((t for most, t in ((12, 12), (28, 28), (59, 59)) if n <= most), None)
            x = r.randrange(1, top + 1) if top else r.randrange(10 ** (len(m[0]) - 1), 10 ** len(m[0]))
            return str(x).zfill(len(m[0]) if m[0][0] == "0" else 1)
        return re.sub(r"(?<![A-Za-z0-9.])[0-9]{1,5}(?![A-Za-z0-9])", other, text)

    def format(self, doc, target):
        """Punctuation, width, digits and dates; numbers change where it is to be stronger."""
        r, l, t = self.rng, self.lang, doc.text
        ways = []
        if l in ("zh", "ja"):
            ways += [lambda t: t.replace("，", ",").replace("：", ":").replace("（", "(").replace("）", ")"),
                     lambda t: t.replace("、", "，").replace("。", "．") if l == "ja" else t.replace("；", "，").replace("。\n", "\n"),
                     lambda t: t.translate({ord(a): b for a, b in zip("「」『』“”", "“”‘’「」")}),
                     lambda t: re.sub(r"(?<=[\u3040-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u3040-\u9fff])", " ", t) if r.random() < 0.5 else re.sub(r"(?<=[\u3040-\u9fff]) (?=[A-Za-z0-9])|(?<=[A-Za-z0-9]) (?=[\u3040-\u9fff])", "", t)]
        elif l == "th":
            ways += [lambda t: t.replace(" ๆ", "ๆ") if " ๆ" in t else t.replace("ๆ ", " ๆ "), lambda t: t.replace("\"", "”").replace("(", " (").replace(":", " :"),
                     lambda t: re.sub(r"(?<=[\u0e00-\u0e7f]) (?=[\u0e00-\u0e7f])", lambda m: "" if r.random() < 0.4 else "  ", t)]
        elif l == "hi":
            ways += [lambda t: t.replace("।", ".") if "।" in t else re.sub(r"(?<=[\u0900-\u097f])\.(?=\s|$)", "।", t), lambda t: t.replace(", ", " , ").replace("\"", "'"), lambda t: t.replace(" - ", " — ").replace("(", "[").replace(")", "]")]
        else:
            ways += [lambda t: t.replace("،", ",").replace("؛", ";"), lambda t: t.replace("”", "\"").replace("“", "\"").replace("»", "\"").replace("«", "\""), lambda t: t.replace("؟", "?").replace("(", "[").replace(")", "]")]
        for f in r.sample(ways, r.randrange(1, len(ways) + 1)):
            t = f(t)
        if r.random() < 0.3:
            t = t.replace("\n", "\n\n") if r.random() < 0.5 else t.replace("\n", SEP[l] or " ", 1)
        how = r.random()
        if how < 0.45:  # the date or figures
            t = self.numbers(t, r.choice([0.3, 0.6, 1.0]))
        elif how < 0.85:
            t = t.translate({ord(a): b for a, b in zip("0123456789", DIGITS[l])}) if re.search(r"[0-9]", t) else t.translate({ord(b): a for a, b in zip("0123456789", DIGITS[l])})
        elif l in ("zh", "ja"):  # all of ASCII's letters in full width
            t = "".join(chr(ord(c) + 0xfee0) if c.isascii() and c.isalnum() else c for c in t)
        else:
            t = self.numbers(t, 1.0)
        return t

    def around(self, doc, target, way):
        text, pre, suf, last = doc.text, [], [], None
        P, S = list(PREFIX[self.lang]), list(SUFFIX[self.lang])
        self.rng.shuffle(P)
        self.rng.shuffle(S)
        for _ in range(40):
            do = way if way != "both" else self.rng.choice(["prefix", "suffix"])
            saved = (list(pre), list(suf))
            src, dst = (P, pre) if do == "prefix" else (S, suf)
            if src and len(dst) < 2:
                dst.append(self.fill(src.pop()))
            else:
                dst.append(self.rng.choice(TEASER[self.lang]) + self.foreign(doc.src.split(":")[0]))
            t = "\n".join(pre + [text] + suf)
            v = self.j(text, t)
            if v <= target:
                if last is not None and (abs(last - target) < abs(v - target) or v < 0.6):
                    pre, suf = saved
                break
            last = v
        return "\n".join(pre + [text] + suf)

    def reorder(self, doc):
        d = doc.copy()
        at = d.places()
        if len(at) < 3:
            return None
        if len(d.paras) >= 3 and self.rng.random() < 0.4:
            p = d.paras.pop(self.rng.randrange(len(d.paras)))
            d.paras.insert(self.rng.randrange(len(d.paras) + 1), p)
        else:
            i, j = self.rng.choice(at)
            s = d.paras[i].pop(j)
            d.paras = [p for p in d.paras if p]
            a, b = self.rng.choice(d.places())
            b += self.rng.randrange(2)
            if b > 0:
                d.paras[a][b - 1] = self.join(d.paras[a][b - 1])
            d.paras[a].insert(b, self.join(s))
        return d.text if d.text != doc.text else None


def lines_doc(lang, text, src):
    return Doc([sentences(lang, p) for p in text.split("\n") if p], src)


def edited(ed, doc, edit, target):
    """The copy, or None where it cannot be made so."""
    if edit == "substitute":
        return ed.substitute(doc, target)
    if edit in ("insert", "remove", "insert+remove"):
        return ed.sentences(doc, target, edit if "+" not in edit else "both")
    if edit == "format":
        return ed.format(doc, target)
    if edit in ("prefix", "suffix", "prefix+suffix"):
        return ed.around(doc, target, edit if "+" not in edit else "both")
    if edit == "reorder":
        return ed.reorder(doc)
    first, second = edit.split("+")  # two edits: the first takes some of the way
    half = 1 - (1 - target) * ed.rng.uniform(0.3, 0.6)
    t = edited(ed, doc, first, half)
    if t is None or ed.j(doc.text, t) < target:
        return t
    mid = lines_doc(ed.lang, t, doc.src)
    return edited(ed, mid, second, min(0.99, target / max(0.01, ed.j(doc.text, t))))
