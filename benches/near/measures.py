"""Tokens, shingles and Jaccard similarity, naively: what make_near.py records and score_near.py holds a tool against."""
import re, sys, unicodedata
from collections import defaultdict

OF = {"zh": "chars8", "ja": "chars8", "th": "chars8", "hi": "words5", "ar": "words5"}
STOPLESS = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u1000-\u109f]")
WIDE = re.compile(r"[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
KIND = defaultdict(int)  # of a character: 2 is kept, 1 is nothing at all (joiners, marks of direction), 0 parts words
for _c in range(sys.maxunicode + 1):
    _k = unicodedata.category(chr(_c))
    if _k[0] in "LMN":
        KIND[_c] = 2
    elif _k == "Cf":
        KIND[_c] = 1
NARROW = {c: n for c in range(0xa0, 0x20000) for n in [unicodedata.normalize("NFKC", chr(c))] if len(n) == 1 and n != chr(c)}


def fold(text, folded):
    """Lower case; folded: full and half width and other forms of one character (NFKC, where it gives one) are the same as well."""
    return (text.translate(NARROW) if folded else text).lower()


def chars(text, folded=False):
    return "".join(c for c in fold(text, folded) if KIND.get(ord(c)) == 2)


def words(text, folded=False):
    return "".join(c if k == 2 else "" if k == 1 else " " for c, k in ((c, KIND.get(ord(c), 0)) for c in fold(text, folded))).split()


def lang_of(doc):
    """By its id (zh-00001), or by the script of its text."""
    m = re.match(r"(zh|ja|th|hi|ar)\b", str(doc["id"]))
    if m:
        return m[1]
    t = doc["text"]
    n = {l: len(re.findall(r, t)) for l, r in (("th", r"[\u0e00-\u0e7f]"), ("hi", r"[\u0900-\u097f]"), ("ar", r"[\u0600-\u06ff]"), ("zh", r"[\u3040-\u30ff\u4e00-\u9fff]"))}
    best = max(n, key=n.get)
    return "ja" if best == "zh" and len(re.findall(r"[\u3040-\u30ff]", t)) > 0.1 * n["zh"] else best


def shingles(text, measure, folded=False):
    """measure: charsN, wordsN, or mixed: five tokens (a word where words are spaced, or a number; a character of Han and kana), ten of Thai."""
    if measure == "mixed":
        toks = []
        for w in words(text, folded):
            toks += re.findall(r"[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u0e00-\u0e4f\u0e5a-\u0ecf\u0eda-\u0eff]|[^\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u0e00-\u0e4f\u0e5a-\u0ecf\u0eda-\u0eff]+", w)
        n = 10 if 2 * sum(bool(STOPLESS.match(t)) for t in toks) > len(toks) else 5
        return {tuple(toks[i:i + n]) for i in range(len(toks) - n + 1)}
    n = int(re.sub(r"\D", "", measure))
    if measure.startswith("chars"):
        s = chars(text, folded)
        return {s[i:i + n] for i in range(len(s) - n + 1)}
    w = words(text, folded)
    return {tuple(w[i:i + n]) for i in range(len(w) - n + 1)}


def jaccard(a, b):
    c = len(a & b)
    return c / (len(a) + len(b) - c) if a or b else 0.0


def all_pairs(sets, least):
    """{(i, j): J} of all i < j with J >= least > 0, through an inverted index."""
    at, out = defaultdict(list), {}
    for j, s in enumerate(sets):
        n = defaultdict(int)
        for x in s:
            for i in at[x]:
                n[i] += 1
            at[x].append(j)
        for i, c in n.items():
            v = c / (len(sets[i]) + len(s) - c)
            if v >= least:
                out[i, j] = v
    return out
