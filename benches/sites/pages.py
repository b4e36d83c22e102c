"""One HTML page as labelled lines: what a text extractor sees, and what the page's own markup says each line is.

Three forms of extraction: `lines` (a line a block element, list item and table cell), `markdown` (headings, items, links with their
address, a table row a line) and `glued` (items, cells and options of a block run together, as careless extraction does).
Labels: m main text, f furniture, s soft (inside the main part but neither: anchors, contents lists, share buttons); scorers leave s out.
"""
import re

import lxml.html
from lxml.cssselect import CSSSelector

BREAKS = set(
    "address article aside blockquote body br button caption center dd details dialog dir div dl dt fieldset figcaption figure footer form "
    "frame frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav noscript ol optgroup option p pre section select summary "
    "table tbody td textarea tfoot th thead tr ul".split()
)
RUN_TOGETHER = {"glued": set("li td th option dt dd button ul ol tr tbody thead table select label".split()), "markdown": {"td", "th"}, "lines": set()}
UNSEEN = set("script style template head title noframes svg object applet audio video iframe canvas math".split())
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.I)
XML = re.compile(r"^\s*<\?xml[^>]*\?>")
FORMS = ("lines", "markdown", "glued")


def decode(data):
    """Text of the bytes of a page: UTF-8 where they are, else what the page declares."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    declared = CHARSET.search(data[:4096])
    for name in ([declared.group(1).decode("ascii", "replace")] if declared else []) + ["cp1252", "latin-1"]:
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue


def selectors(text):
    """A list of CSS selectors, split at the commas that stand in no bracket."""
    return [CSSSelector(s.strip(), translator="html") for s in re.split(r",(?![^(\[]*[)\]])", text) if s.strip()]


class Line:
    """A line that grows from pieces of text with a label each."""

    def __init__(self):
        self.pieces = []

    def add(self, text, label, mark=False):
        self.pieces.append((text, label, mark))

    def take(self):
        """The line and its label, or None where it is white; empties it."""
        pieces, self.pieces = self.pieces, []
        text = " ".join("".join(t for t, _, _ in pieces).split())
        words = [(t, l) for t, l, mark in pieces if not mark and t.strip()]
        if not words or not text:
            return None
        wordy = {l for t, l in words if any(c.isalnum() for c in t)}
        return text, next(l for l in "mfs" if l in (wordy or {l for _, l in words}))


class Template:
    """The markup of one site: which elements are main text, which inside it are furniture, soft, or not there for a reader."""

    def __init__(self, main, furniture="", soft="", drop=""):
        self.parts = [("m", selectors(main)), ("s", selectors(soft)), ("f", selectors(furniture)), ("x", selectors(drop))]

    def lines(self, text, form="lines"):
        """[(line, label)] of a page; None where it has no main part, [] where it only redirects."""
        try:
            tree = lxml.html.document_fromstring(XML.sub("", text))
        except (lxml.etree.LxmlError, ValueError):
            return None
        if tree.xpath('//meta[translate(@http-equiv,"REFSH","refsh")="refresh"][not(ancestor::noscript)]'):
            return []
        label_of = {e: label for label, found in self.parts for s in found for e in s(tree)}
        if "m" not in label_of.values():
            return None
        return list(self.walk(tree, label_of, form))

    def walk(self, tree, label_of, form):
        line, together, markdown = Line(), RUN_TOGETHER[form], form == "markdown"
        todo = [("open", tree, "f", False)]
        while todo:
            step, e, label, pre = todo.pop()
            if step == "tail":
                yield from self.text(line, e.tail, label, pre)
                continue
            tag = e.tag if isinstance(e.tag, str) else None
            if tag is None:
                continue
            breaks = tag in BREAKS and tag not in together
            if step == "close":
                if markdown and tag == "a" and e.get("href"):
                    line.add(f"]({e.get('href')})", label, True)
                if markdown and tag in ("td", "th"):
                    line.add(" | ", label, True)
                elif tag in together:
                    line.add(" ", label, True)
                if breaks and (found := line.take()):
                    yield found
                continue
            label = label_of.get(e, label)
            if breaks and (found := line.take()):
                yield found
            if label == "x" or tag in UNSEEN or e.get("hidden") is not None or HIDDEN.search(e.get("style") or ""):
                continue
            pre = pre or tag in ("pre", "textarea", "listing", "xmp")
            if markdown:
                start = {"li": "- ", "a": "[" if e.get("href") else "", "tr": "| "}.get(tag, "#" * int(tag[1]) + " " if re.fullmatch("h[1-6]", tag) else "")
                if start:
                    line.add(start, label, True)
            yield from self.text(line, e.text, label, pre)
            todo.append(("close", e, label, pre))
            for child in reversed(e):
                todo += [("tail", child, label, pre), ("open", child, label, pre)]
        if found := line.take():
            yield found

    @staticmethod
    def text(line, text, label, pre):
        for i, row in enumerate((text or "").split("\n") if pre else [text or ""]):
            if i and (found := line.take()):
                yield found
            if row:
                line.add(row, label)
