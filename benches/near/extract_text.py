#!/usr/bin/env python3
"""Turns packages unpacked under ROOT/<package>/ into OUT/<lang>.jsonl: {"src": "package:path", "paras": [...]}, the paragraphs of a page
or the long strings of a translation in their order, sentences only (stdlib only)."""
import glob, gettext, gzip, html, json, os, re, sys, unicodedata, zipfile

root, out = sys.argv[1], sys.argv[2]
WS = re.compile(r"[ \t\r\n\u00a0\u3000]+")
TAG = re.compile(r"(?s)<[^>]*>")
DROP = re.compile(r"(?is)<(script|style|pre|head|nav|info|screen|programlisting|code-block|footer)\b.*?</\1>|<!--.*?-->")
BLOCK = re.compile(r"(?i)</?(?:p|h[1-6]|li|dd|dt|td|th|tr|div|title|br|blockquote|section|ul|ol|dl|table|para|item|terms|steps|list|note|simpara)\b[^>]*>")
SCRIPT = {"zh": r"[\u4e00-\u9fff]", "ja": r"[\u3040-\u30ff\u4e00-\u9fff]", "th": r"[\u0e00-\u0e7f]", "hi": r"[\u0900-\u097f]",
          "ar": r"[\u0600-\u06ff]"}
LEAST = {"zh": 22, "ja": 28, "th": 48, "hi": 40, "ar": 50}
END = {"zh": "。！？；：!?", "ja": "。！？：!?", "hi": "।?!.:|", "ar": ".؟!:؛?"}
CLOSE = "\"'”’」』）)»]】> \u200f\u200e"
HOLE = re.compile(r"%[A-Z]{2,}|%[-0-9.]*[a-zA-Z]\b|%\d|%\w+%|\$\w|\$[({]|[{}]|\[\[|\]\]|<\w|</|&\w+;|__|\\[nt]|''|==|\|\||#\w+#|@\w+@|\(fuzzy\)")
BRAND = [(re.compile(r"\{ ?-brand-(?:short|shorter|full|product)-name[^}]*\}"), None), (re.compile(r"\{ ?-vendor-short-name[^}]*\}"), "Mozilla"),
         (re.compile(r"\{ ?-mozilla-account[^}]*\}"), "Mozilla"), (re.compile(r'\{ ?""? ?\}'), ""), (re.compile(r'\{ "[^"]*" \}'), " ")]
units, seen = {l: [] for l in SCRIPT}, {l: set() for l in SCRIPT}


def letters(s):
    return sum(unicodedata.category(c)[0] in "LMN" for c in s)


def sentence(lang, s, doc):
    if len(s) < LEAST[lang] or len(s) > 2500 or HOLE.search(s):
        return False
    if len(re.findall(SCRIPT[lang], s)) < 0.62 * max(1, letters(s)) or letters(s) < 0.6 * len(s):
        return False
    if lang == "ja" and len(re.findall(r"[\u3040-\u30ff]", s)) < 0.2 * len(s):
        return False
    if lang in END:
        t = s.rstrip(CLOSE)
        if not t or t[-1] not in END[lang] + ("." if lang in ("zh", "ja") else ""):
            return False
    elif s.count(" ") > 0.12 * len(s):
        return False
    return True


def unit(lang, src, blocks, doc=True):
    paras = []
    for b in blocks:
        b = html.unescape(b)
        b = WS.sub(" ", b).strip().lstrip("•*-–· ")
        if lang in ("zh", "ja"):  # spaces left by tags and by lines of the source
            b = re.sub(r"(?<=[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]) +(?=[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef])", "", b)
        if not sentence(lang, b, doc):
            continue
        key = "".join(c for c in b.lower() if unicodedata.category(c)[0] in "LMN")
        if key in seen[lang]:
            continue
        seen[lang].add(key)
        paras.append(b)
    if paras:
        units[lang].append({"src": src, "paras": paras})


def page(f):
    data = (gzip.open(f) if f.endswith(".gz") else open(f, "rb")).read().decode("utf-8", "replace")
    if f.endswith((".txt", ".txt.gz")):
        return [x for x in re.split(r"\n\s*\n", data)]
    data = re.sub(r"\s*\n\s*", "\n", data)
    return TAG.sub("", BLOCK.sub("\x00", DROP.sub(" ", data))).split("\x00")


def mo(f):
    try:
        cat = gettext.GNUTranslations(open(f, "rb"))._catalog
    except Exception:
        return
    for k, v in cat.items():
        if isinstance(k, str) and k and isinstance(v, str):
            v = re.sub(r"&(?=\w)(?!\w+;)", "", v.replace("%PRODUCTNAME", "LibreOffice").replace("~", ""))
            v = TAG.sub("", re.sub(r"<br ?/?>", "\n", v))
            yield from re.split(r"\n\s*\n|\n(?=[-•*])", re.sub(r"_(?=\w)", "", v))


def ftl(data, brand):
    for m in re.split(r"\n(?=[^\s}])", data):
        for v in re.split(r"\n\s+\.[\w-]+ ?=|^[\w-]+ ?=", m):
            for pat, to in BRAND:
                v = pat.sub(brand if to is None else to, v)
            if not v.startswith("#"):
                yield TAG.sub("", v)


def wiki(v):
    v = re.sub(r"\[\[(?:[^]|]*\|)?([^]|]*)\]\]", r"\1", v)
    v = re.sub(r"\[(?:https?:)?//\S+ ([^]]*)\]", r"\1", v)
    v = re.sub(r"\{\{(?:SITENAME|ns:\w+)\}\}", "Wikipedia", v).replace("'''", "").replace("''", "")
    v = TAG.sub("", re.sub(r"<br ?/?>", "\n", v))
    return re.split(r"\n+[*#:]*", v)


pkgs = sorted(os.path.basename(os.path.dirname(p)) for p in glob.glob(root + "/*/.done"))
for p in pkgs:
    base = f"{root}/{p}/"
    G = lambda pat: sorted(glob.glob(base + pat, recursive=True))
    rel = lambda f: f"{p}:{f[len(base):]}"
    for lang, help_, loc, book, ref in (("zh", "zh-CN", "zh_CN", "zh-CN", "zh-cn"), ("ja", "ja", "ja", "ja-JP", "ja"), ("th", "th", "th", "th-TH", "th"),
                                        ("hi", "hi", "hi", "hi-IN", "hi"), ("ar", "ar", "ar", "ar-MA", "ar")):
        for f in G(f"usr/share/libreoffice/help/{help_}/text/**/*.html") + G(f"usr/share/doc/debian-handbook/html/{book}/*.html") \
                + G(f"usr/share/doc/installation-guide-*/{loc}/*.txt.gz") + G(f"usr/share/help/{loc}/**/*.page") \
                + G(f"usr/share/help/{loc}/**/*.docbook") + G(f"usr/share/doc/debian/FAQ/**/*.{ref}.txt.gz") \
                + G(f"usr/share/debian-reference/*.{ref}.html") + G(f"usr/share/doc/debian-reference-*/**/*.{ref}.txt.gz") \
                + G(f"usr/share/doc/developers-reference-{ref}/**/*.html") + G(f"usr/share/doc/maint-guide-{ref}/html/*.html"):
            unit(lang, rel(f), page(f))
        if lang in ("th", "hi", "ar"):
            for f in G(f"usr/**/{loc}/LC_MESSAGES/*.mo") + G(f"usr/share/wordpress/**/{loc}.mo") + G(f"usr/share/wordpress/**/*-{loc}.mo") + G(f"usr/share/wordpress/**/{loc}_*.mo"):
                unit(lang, rel(f), mo(f), False)
            for f in G(f"usr/share/mediawiki/**/i18n/**/{loc}.json"):
                d = json.load(open(f, encoding="utf-8"))
                unit(lang, rel(f), (x for v in d.values() if isinstance(v, str) for x in wiki(v)), False)
            for f in G(f"usr/lib/*/**/langpack-{loc}*.xpi"):
                z = zipfile.ZipFile(f)
                for n in sorted(z.namelist()):
                    if n.endswith(".ftl"):
                        unit(lang, rel(f) + "!" + n, ftl(z.read(n).decode("utf-8", "replace"), "Firefox" if "firefox" in p else "Thunderbird"), False)
            for f in G(f"usr/share/dokuwiki/inc/lang/{loc}/*.txt"):
                unit(lang, rel(f), (x for x in page(f)))
        for f in G("templates"):
            data = open(f, encoding="utf-8", errors="replace").read()
            b = []
            for m in re.finditer(rf"(?mi)^(?:Description|Extended_description)-{loc}\.utf-8:.*((?:\n .*)*)", data):
                b += re.split(r"\n \.\n", m[1].replace("\n  ", "\n "))
            unit(lang, rel(f), b)

os.makedirs(out, exist_ok=True)
used = {}
for lang, us in units.items():
    with open(f"{out}/{lang}.jsonl", "w", encoding="utf-8") as w:
        for u in us:
            w.write(json.dumps(u, ensure_ascii=False) + "\n")
            q = used.setdefault(u["src"].split(":")[0], {})
            q[lang] = q.get(lang, 0) + sum(map(len, u["paras"]))
    n = sum(len(u["paras"]) for u in us)
    print(f"{lang}\t{len(us)} units\t{n} paragraphs\t{sum(len(x) for u in us for x in u['paras'])} characters")

# word lists: Thai from hunspell-th, Chinese nouns, verbs and adjectives from jieba
for f in glob.glob(root + "/hunspell-th/usr/share/hunspell/th_TH.dic"):
    ws = sorted({w.split("/")[0].strip() for w in open(f, encoding="utf-8") if re.fullmatch(r"[\u0e01-\u0e4e]{2,}", w.split("/")[0].strip())})
    open(out + "/th.words", "w", encoding="utf-8").write("\n".join(ws) + "\n")
for f in glob.glob(root + "/python3-jieba/usr/lib/python3/dist-packages/jieba/dict.txt"):
    ws = []
    for l in open(f, encoding="utf-8"):
        x = l.split()
        if len(x) == 3 and 2 <= len(x[0]) <= 4 and int(x[1]) >= 200 and re.fullmatch(r"[\u4e00-\u9fff]+", x[0]):
            ws.append(f"{x[0]}\t{x[2][0]}")
    open(out + "/zh.words", "w", encoding="utf-8").write("\n".join(sorted(ws)) + "\n")

with open(out + "/licences.tsv", "w", encoding="utf-8") as w:
    for p in pkgs:
        c = glob.glob(f"{root}/{p}/usr/share/doc/{p}/copyright")
        t = open(c[0], encoding="utf-8", errors="replace").read() if c else ""
        main = re.search(r"(?ms)^Files: \*$.*?^License: *(.*?)$", t)
        alls = sorted(set(x.strip() for x in re.findall(r"(?m)^License: *(\S.*)$", t)))
        w.write("\t".join([p, open(f"{root}/{p}/.done").read().strip(), main[1] if main else "", "; ".join(alls)[:300],
                           " ".join(f"{l}:{n}" for l, n in used.get(p, {}).items())]) + "\n")
