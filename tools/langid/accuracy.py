#!/usr/bin/env python3
"""Holds buddle against labelled lines: accuracy.py SET BUDDLE OUT.tsv OUT.md

SET: language (ISO 639), text, kind in columns (.gz too). OUT.tsv, which `buddle langs --list` shows: tag, lines, and the share of them that is told rightly,
in all and of fewer than 20 characters, for each language that buddle knows. OUT.md: the same by length, and what is taken for what.
Labels that stand for the same macrolanguage are one; Bosnian, Croatian and Serbian, Bokmål and Nynorsk, Indonesian and Malay are not.
"""
import collections, gzip, os, re, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
TAGS = dict(re.findall(r'\("(\w+)", "(\w+)"\)', open(HERE + '/../../src/langid/tag.rs').read()))
ROWS = [row.split('\t') for row in open(HERE + '/languages.tsv').read().split('\n') if row and row[0] != '#']
TAGS.update({code: tag for code, tag, _ in ROWS})
LENGTHS = [('<20', 0, 20), ('20–59', 20, 60), ('60–200', 60, 201), ('>200', 201, 1 << 30)]


def percent(right, lines):
    return f'{100 * right / lines:.1f}' if lines else '-'


def main():
    labelled, buddle, table, page = sys.argv[1:]
    opened = gzip.open if labelled.endswith('.gz') else open
    with opened(labelled, 'rt', encoding='utf8', newline='\n') as file:
        rows = [row.split('\t') for row in file.read().split('\n') if row]
    lines = '\n'.join(row[1] for row in rows).encode() + b'\n'
    answers = subprocess.run([buddle, 'langs'], input=lines, stdout=subprocess.PIPE, check=True).stdout.decode().split('\n')
    known = subprocess.run([buddle, 'langs', '--list'], stdout=subprocess.PIPE, check=True).stdout.decode().split('\n')
    known = [line.split('\t')[0] for line in known if line]
    by = collections.defaultdict(lambda: [0, 0])
    confusions = collections.Counter()
    for row, answer in zip(rows, answers):
        gold, tag = TAGS.get(row[0], row[0]), answer.split('\t')[0]
        if gold not in known:
            continue
        length = next(name for name, low, high in LENGTHS if low <= len(row[1]) < high)
        for key in ((gold, 'all'), (gold, length), ('', 'all'), ('', length)):
            by[key][0] += 1
            by[key][1] += gold == tag
        if gold != tag:
            confusions[gold, tag] += 1
    with open(table, 'w') as out:
        for tag in known:
            (n, right), (short, short_right) = by[tag, 'all'], by[tag, '<20']
            out.write(f'{tag}\t{n}\t{percent(right, n)}\t{percent(short_right, short)}\n')
    with open(page, 'w') as out:
        names = ['all'] + [name for name, _, _ in LENGTHS]
        good = sum(by[tag, 'all'][1] * 10 >= by[tag, 'all'][0] * 9 for tag in known if by[tag, 'all'][0] >= 10)
        measured = sum(by[tag, 'all'][0] >= 10 for tag in known)
        out.write('# Languages: what is told rightly\n\n')
        out.write(f'Made by `tools/langid/accuracy.py`, of {by["", "all"][0]:,} labelled lines in the languages that the model knows; strict: a look-alike is an error. '
                  f'{measured} of {len(known)} languages have ten lines or more in the set; {good} of them have 90 % or more right. Percent of lines, by characters:\n\n')
        out.write('| language | lines | ' + ' | '.join(names) + ' |\n|---|---|' + '---|' * len(names) + '\n')
        for tag in [''] + sorted((t for t in known if by[t, 'all'][0] >= 10), key=lambda t: by[t, 'all'][1] / by[t, 'all'][0]):
            out.write(f'| {tag or "**all**"} | {by[tag, "all"][0]} | ' + ' | '.join(percent(by[tag, name][1], by[tag, name][0]) for name in names) + ' |\n')
        out.write('\n## Confusions that remain\n\nThe fifty most frequent, as lines of the first that are told as the second:\n\n')
        out.write(', '.join(f'{a} → {b} {n}' for (a, b), n in confusions.most_common(50)) + '.\n')


main()
