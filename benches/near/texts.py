"""Text as paragraphs, sentences and words, and documents made of the paragraphs of packages."""
import collections, json, math, re
from measures import WIDE, chars, shingles
from phrases import SYNONYMS

SEP = {"zh": "", "ja": "", "th": " ", "hi": " ", "ar": " "}
MEDIAN = {"zh": 380, "ja": 430, "th": 390, "hi": 370, "ar": 560}


def sentences(lang, para):
    """Sentences with what follows them; joined they are the paragraph. Thai has no stops: phrases of some length, cut at spaces."""
    if lang in ("zh", "ja"):
        return re.findall(r"[^。！？]*[。！？]+[」』）)”\"]*\s*|[^。！？]+$", para) or [para]
    if lang == "hi":
        return re.findall(r".+?[।?!.]+[\"'”)]*(?:\s+|$)|.+?$", para)
    if lang == "ar":
        return re.findall(r".+?[.؟!؛?]+[\"'”»)]*(?:\s+|$)|.+?$", para)
    out, cur = [], ""
    for m in re.findall(r"\S+\s*", para):
        if len(cur) >= 45 and re.search(r"[\u0e00-\u0e7f]\s*$", cur) and re.match(r"[\u0e00-\u0e7f]", m) and m[0] != "ๆ":
            out.append(cur)
            cur = ""
        cur += m
    if out and len(cur) < 25:
        out[-1] += cur
    elif cur:
        out.append(cur)
    return out


class Words:
    """Cuts a text to tokens and finds others for them."""

    def __init__(self, lang, texts, lists):
        self.lang, self.pos = lang, {}
        if lang == "zh":
            self.pos = dict(l.rstrip("\n").split("\t") for l in open(lists + "/zh.words", encoding="utf-8"))
        elif lang == "th":
            self.pos = {l.rstrip("\n"): "" for l in open(lists + "/th.words", encoding="utf-8")}
        self.pos.update({w: self.pos.get(w, "v") for w in SYNONYMS[lang]} if lang in ("zh", "th") else {})
        n = collections.Counter(t for x in texts for t in self.cut(x) if self.key(t))
        self.by = collections.defaultdict(list)
        for w, c in sorted(n.items()):
            if c >= 4:
                self.by[self.key(w)].append(w)

    def cut(self, text):
        if self.lang in ("hi", "ar"):
            return re.findall(r"[^\W_][\w\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u200c\u200d]*|[^\w]+|_+|.", text, re.S)
        if self.lang == "ja":
            return re.findall(r"[\u30a0-\u30ff]+|[\u4e00-\u9fff々]+|[\u3041-\u309f]+|[^\u3041-\u309f\u30a0-\u30ff\u4e00-\u9fff々]+", text)
        most, out, i = 4 if self.lang == "zh" else 18, [], 0
        native = WIDE if self.lang == "zh" else re.compile(r"[\u0e00-\u0e7f]")
        while i < len(text):
            if not native.match(text[i]):
                j = i + 1
                while j < len(text) and not native.match(text[j]):
                    j += 1
            else:
                j = next((i + k for k in range(min(most, len(text) - i), 1, -1) if text[i:i + k] in self.pos), i + 1)
                while self.lang == "th" and j < len(text) and re.match(r"[\u0e30-\u0e3a\u0e45-\u0e4e]", text[j]):
                    j += 1  # a vowel or tone of what stands before
            out.append(text[i:j])
            i = j
        return out

    def key(self, w):
        """What another word must have in common, or None where the word stays."""
        n = len(w)
        if self.lang == "zh":
            return (self.pos[w], n) if w in self.pos and self.pos[w] in "nvad" else None
        if self.lang == "th":
            return min(n, 10) // 2 if w in self.pos and n >= 3 else None
        if self.lang == "ja":
            return ("k", min(n, 8) // 2) if n >= 3 and re.fullmatch(r"[\u30a1-\u30fc]+", w) else ("h", n) if 2 <= n <= 4 and re.fullmatch(r"[\u4e00-\u9fff]+", w) else None
        if self.lang == "hi":
            return (w[-1], min(n, 10) // 2) if n >= 3 and re.match(r"[\u0900-\u097f]", w) else None
        return (w[:2] == "ال", w[-1] == "ة", min(n, 10) // 2) if n >= 4 and re.match(r"[\u0620-\u064a]", w) else None

    def other(self, rng, w):
        s = SYNONYMS[self.lang].get(w)
        if s and rng.random() < 0.7:
            return s
        k = self.key(w)
        if k is None:
            return s
        if rng.random() < 0.12 and len(w) > 3:  # a slip of the hand: two characters swapped, or one gone
            i = rng.randrange(1, len(w) - 1)
            if re.match(r"[^\W\d]", w[i]) and self.lang not in ("th", "hi"):
                return w[:i] + w[i + 1] + w[i] + w[i + 2:] if rng.random() < 0.5 and w[i] != w[i + 1] else w[:i] + w[i + 1:]
        ws = self.by[k]
        for _ in range(6):
            x = rng.choice(ws) if ws else None
            if x and x != w:
                return x
        return s


class Doc:
    """Paragraphs of sentences."""

    def __init__(self, paras, src):
        self.paras, self.src = paras, src

    @property
    def text(self):
        return "\n".join(x for x in ("".join(p).strip() for p in self.paras) if x)

    def copy(self):
        return Doc([list(p) for p in self.paras], self.src)

    def places(self):
        return [(i, j) for i, p in enumerate(self.paras) for j in range(len(p))]


def length(rng, lang):
    if rng.random() < 0.06:
        return rng.randrange(90, 150)
    while True:
        n = int(math.exp(rng.gauss(math.log(MEDIAN[lang]), 0.72)))
        if 150 <= n <= 2800:
            return n


def base_docs(rng, lang, path):
    """Documents of paragraphs in a row of a page (or of a translation), page after page of a package; none shares text with another."""
    by = collections.OrderedDict()
    for l in open(path, encoding="utf-8"):
        u = json.loads(l)
        by.setdefault(u["src"].split(":")[0], []).append(u)
    docs = []
    for pkg, us in by.items():
        us.sort(key=lambda u: u["src"])
        want, cur, n, src = length(rng, lang), [], 0, None
        for u in us:
            for p in u["paras"]:
                ss = sentences(lang, p.lstrip("。．.،, "))
                src = src or u["src"]
                while ss:
                    take = []
                    while ss and (n < want and n + len(ss[0]) <= 3000 or not cur and not take):
                        n += len(ss[0])
                        take.append(ss.pop(0))
                    if take:
                        cur.append(take)
                    if n >= want or ss:
                        docs.append(Doc(cur, src))
                        want, cur, n, src = length(rng, lang), [], 0, u["src"] if ss else None
            if n >= 0.6 * want and n >= 90:  # a page ends
                docs.append(Doc(cur, src))
                want, cur, n, src = length(rng, lang), [], 0, None
    rng.shuffle(docs)
    kept, at, sets = [], {"chars8": collections.defaultdict(list), "words5": collections.defaultdict(list)}, []
    for d in docs:
        t = d.text
        if not 80 <= len(t) <= 3000 or len(chars(t)) < 60:
            continue
        mine = {m: shingles(t, m) for m in ("chars8", "words5")}
        bad = False
        for m, s in mine.items():
            c = collections.Counter(i for x in s for i in at[m].get(x, ()))
            bad |= any(v > 0.06 * (len(s) + len(sets[i][m])) or v > 0.25 * min(len(s), len(sets[i][m])) for i, v in c.items())
        if bad:
            continue
        for m, s in mine.items():
            for x in s:
                at[m][x].append(len(kept))
        sets.append(mine)
        kept.append(d)
    return kept
