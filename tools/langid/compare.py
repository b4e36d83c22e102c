#!/usr/bin/env python3
"""Holds any teller of languages against labelled lines: compare.py SET COMMAND [ARGS...]

SET: language (ISO 639), text, kind in columns (.gz too). COMMAND reads lines and writes a line for each: CODE, or CODE<TAB>PROBABILITY. Printed are, for the
49 languages that most tellers know, lines told rightly with look-alikes counted as one (Bosnian, Croatian, Serbian; Indonesian, Malay; both Norwegians;
dialects of Arabic and Chinese), by length and kind; lines without a language; the calibration error in ten bins; and megabytes of the set, fed
twenty times in a row, to a second of the command's CPU.
"""
import collections, gzip, os, re, resource, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
TAGS = dict(re.findall(r'\("(\w+)", "(\w+)"\)', open(HERE + '/../../src/langid/tag.rs').read()))
SHARED = set('ar az be bn bg ca cs da de el en et fa fi fr gu hbs he hi hu hy it ja ka ko lv lt mr id nl nb pa pl pt ro ru sk sl es sv ta te tl th tr uk ur vi zh'.split())
ALIKE = dict(bs='hbs', hr='hbs', sr='hbs', ms='id', nn='nb', no='nb', yue='zh', wuu='zh', arz='ar', ary='ar', arq='ar', apc='ar', fil='tl', iw='he')
NONE = {'zxx', 'und', 'un', 'unknown', 'none', ''}


def tag(code):
    code = re.split('[-_]', code.strip().lower())[0]
    code = TAGS.get(code, code)
    return 'zxx' if code in NONE else ALIKE.get(code, code)


def main():
    labelled, command = sys.argv[1], sys.argv[2:]
    with (gzip.open if labelled.endswith('.gz') else open)(labelled, 'rt', encoding='utf8', newline='\n') as file:
        rows = [row.split('\t') for row in file.read().split('\n') if row]
    text = '\n'.join(row[1] for row in rows).encode() + b'\n'
    answers = subprocess.run(command, input=text, stdout=subprocess.PIPE, check=True).stdout.decode().split('\n')
    sums, bins = collections.defaultdict(lambda: [0, 0]), collections.defaultdict(lambda: [0, 0, 0.0])
    none = [0, 0, 0, 0]
    for row, answer in zip(rows, answers):
        gold, (found, _, probability) = tag(row[0]), answer.partition('\t')
        found = tag(found)
        if row[0] == 'zxx':
            none[0] += 1
            none[1] += found == 'zxx'
            continue
        none[2] += 1
        none[3] += found == 'zxx'
        if gold not in SHARED:
            continue
        length = next(name for name, most in (('under 20', 19), ('20 to 59', 59), ('60 to 200', 200), ('over 200', 1 << 30)) if len(row[1]) <= most)
        for key in ('all', length, 'kind ' + (row[2] if len(row) > 2 else '')):
            sums[key][0] += 1
            sums[key][1] += gold == found
        if probability:
            p = min(float(probability), 1)
            one = bins[min(int(p * 10), 9)]
            one[0], one[1], one[2] = one[0] + 1, one[1] + (gold == found), one[2] + p
    for key, (lines, right) in sorted(sums.items()):
        print(f'{key:<16} {100 * right / lines:6.2f} % of {lines}')
    if none[0]:
        print(f'no language      {100 * none[1] / none[0]:6.2f} % of {none[0]} found; {100 * none[3] / none[2]:.2f} % of the others called so')
    if bins:
        print(f'calibration      {sum(abs(right - p) for _, right, p in bins.values()) / sum(n for n, _, _ in bins.values()):.4f}')
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, input=text * 20, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f'speed            {len(text) * 20 / 1e6 / (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime):.1f} MB per CPU second')


main()
