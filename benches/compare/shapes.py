#!/usr/bin/env python3
"""Corpora that break cleaners: shapes.py SHAPE N >corpus.jsonl. N is the number of lines, about, whatever the shape."""
import sys

shape, n = sys.argv[1], int(sys.argv[2])
out = sys.stdout.write
prose = "This is a sentence that is long enough to be called prose by any rule, number"


def row(number, host, text):
    out('{"id":%d,"url":"https://%s/%d","text":"%s"}\n' % (number, host, number, text))


if shape == "equal":  # every page of one site has the same ten lines
    for i in range(n // 10):
        row(i, "a.example", "\\n".join(["The very same line"] * 9 + ["Imprint"]))
elif shape == "distinct":  # no line stands twice
    for i in range(n // 10):
        row(i, "site%d.example" % (i % 97), "\\n".join("%s %d of %d." % (prose, k, i) for k in range(10)))
elif shape == "one_line":  # documents of one line
    for i in range(n):
        row(i, "site%d.example" % (i % 97), "Line %d" % (i * 7919 % n))
elif shape == "one_document":  # one document of all lines, one in three repeated
    lines = ("Line %d" % (i if i % 3 else 0) for i in range(n))
    out('{"id":0,"url":"https://a.example/","text":"')
    for i, line in enumerate(lines):
        out(("\\n" if i else "") + line)
    out('"}\n')
elif shape == "sites":  # every document at a site of its own, one line at all of them
    for i in range(n // 3):
        row(i, "site%d.example" % i, "Menu\\nA line of site %d\\nContact" % i)
elif shape == "one_site":  # one site, one line on every page, the rest distinct
    for i in range(n // 4):
        row(i, "a.example", "Menu\\nPage %d\\n%s %d.\\nContact" % (i, prose, i))
elif shape == "copies":  # every document the same, at many sites
    for i in range(n // 4):
        row(i, "site%d.example" % (i % 997), "Menu\\n%s.\\nAnother line\\nContact" % prose)
elif shape == "long_line":  # one line
    out('{"id":0,"url":"https://a.example/","text":"%s"}\n' % ("word " * (4 * n)))
else:
    sys.exit("no such shape")
