#!/usr/bin/env python3
"""What `buddle repair` mends, and what it leaves alone.

  repair.py BUDDLE --cases FILE.jsonl    objects with "original", "fixed" and "kind"; kind "clean" must come back as it is
  repair.py BUDDLE --texts FOLDER        files of clean lines, one a language (texts.py makes them): lines of each, misread in each encoding and
                                         mended again; then all lines as they are: those that change are printed, since some were broken before

Strict: a case counts when every character is right.
"""
import argparse, json, os, random, subprocess, sys
from collections import defaultdict

READINGS = ['cp1252', 'latin-1', 'cp1251', 'cp1250', 'mac-roman', 'cp437', 'cp1254', 'cp1257', 'cp1253', 'iso8859-2', 'cp850', 'cp852', 'cp866', 'koi8-r']
TWICE = ['cp1252', 'cp1250', 'latin-1']


def half(name):
    """The characters of the bytes from 0x80; C1 controls below 0xA0 where there is none, as most software has it, else NUL."""
    out = []
    for byte in range(128, 256):
        try: out.append(bytes([byte]).decode(name))
        except UnicodeDecodeError: out.append(chr(byte) if byte < 0xA0 else '\0')
    return out


def misread(text, table): return ''.join(chr(b) if b < 128 else table[b - 128] for b in text.encode())


def mended(buddle, texts):
    sent = ''.join(json.dumps({'text': text}) + '\n' for text in texts).encode()
    got = subprocess.run([buddle, 'repair', '--jsonl'], input=sent, stdout=subprocess.PIPE, check=True).stdout.decode()
    return [json.loads(line)['text'] for line in got.split('\n') if line]


def score(buddle, cases):
    """Cases are (kind, original, fixed)."""
    kinds = defaultdict(lambda: [0, 0])
    for (kind, _, fixed), got in zip(cases, mended(buddle, [case[1] for case in cases]), strict=True):
        kinds[kind][0] += 1
        kinds[kind][1] += got == fixed
    repairs = [n for kind, n in kinds.items() if kind not in ('clean', 'ftfy-fail')]
    for kind, (n, right) in kinds.items(): print(f'{kind:24}{n:6}{100 * right / n:7.1f} %')
    print(f'{"all repairs":24}{sum(n for n, _ in repairs):6}{100 * sum(r for _, r in repairs) / sum(n for n, _ in repairs):7.1f} %')


def made(folder, seed):
    rng, cases = random.Random(seed), []
    tables = {name: half(name) for name in READINGS}
    for file in sorted(os.listdir(folder)):
        with open(os.path.join(folder, file), encoding='utf-8') as lines:
            lines = [line.rstrip('\n') for line in lines]
        lines = [line for line in lines if not line.isascii() and len(line) < 300 and not any(c == '\ufffd' or '\x7f' <= c < '\xa0' for c in line)]
        if len(lines) < 50: continue
        for name in READINGS:
            for line in rng.sample(lines, 8) + [' '.join(line.split()[:3]) for line in rng.sample(lines, 2)]:
                broken = misread(line, tables[name])
                if not line.isascii() and '\0' not in broken: cases.append((name, broken, line))
        for name in TWICE:
            line = rng.choice(lines)
            cases.append((name + ' twice', misread(misread(line, tables[name]), tables[name]), line))
        whole, part = rng.sample(lines, 2)
        cases.append(('a part', whole + ' ' + misread(part, tables['cp1252']), whole + ' ' + part))
    return cases


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('buddle')
    ap.add_argument('--cases')
    ap.add_argument('--texts')
    ap.add_argument('--seed', type=int, default=1)
    args = ap.parse_args()
    if args.cases:
        with open(args.cases, encoding='utf-8') as rows: rows = [json.loads(row) for row in rows]
        score(args.buddle, [(row['kind'], row['original'], row['fixed']) for row in rows])
    if args.texts:
        score(args.buddle, made(args.texts, args.seed))
        lines, changed = 0, []
        for file in sorted(os.listdir(args.texts)):
            with open(os.path.join(args.texts, file), encoding='utf-8') as text: text = text.read()
            got = subprocess.run([args.buddle, 'repair'], input=text.encode(), stdout=subprocess.PIPE, check=True).stdout.decode()
            before, after = text.split('\n'), got.split('\n')
            lines += len(before)
            changed += [(file, a, b) for a, b in zip(before, after, strict=True) if a != b]
        print(f'of {lines} lines as they are {len(changed)} change')
        for file, before, after in changed: print(f'{file}\t{before[:200]!r}\t{after[:200]!r}', file=sys.stderr)


if __name__ == '__main__': main()
