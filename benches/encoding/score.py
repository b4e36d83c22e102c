#!/usr/bin/env python3
"""How many files of a set buddle decodes to their text: score.py SET [BUDDLE] (stdlib only; BUDDLE: target/release/buddle).

SET holds manifest.tsv (file, encoding, language, category, declared), truth.jsonl (file, text; null for what is no text) and files/, as validation.py
makes them. A file counts where the text is the same: line ends, one mark at the head, U+FFFD at the ends (a cut character) and NFC put aside; of one
that was cut at the head three characters there may differ."""
import json, os, subprocess, sys, unicodedata
from collections import defaultdict

def norm(text):
    text = text.replace('\r\n', '\n').replace('\r', '\n')
    return unicodedata.normalize('NFC', text.removeprefix('\ufeff').strip('\ufffd'))

def main(folder, buddle='target/release/buddle'):
    truth = {row['file']: row['text'] for row in map(json.loads, open(f'{folder}/truth.jsonl', encoding='utf-8'))}
    sums = defaultdict(lambda: [0, 0])
    for line in open(f'{folder}/manifest.tsv', encoding='utf-8').read().split('\n')[1:-1]:
        file, _, _, category, declared = line.split('\t')[:5]
        env = {k: v for k, v in os.environ.items() if k != 'DECLARED_CHARSET'} | ({'DECLARED_CHARSET': declared} if declared else {})
        ran = subprocess.run([buddle, 'decode', f'{folder}/{file}'], capture_output=True, env=env)
        want = truth[file]
        if want is None: right = ran.returncode == 3
        else:
            got, want = norm(ran.stdout.decode('utf-8', 'replace')), norm(want)
            right = ran.returncode == 0 and (got == want or category == 'trunc-head' and got.endswith(want[3:]) and len(got) <= len(want) + 4)
        for name in (category, 'all'):
            sums[name][0] += 1; sums[name][1] += right
    for name, (n, right) in sums.items(): print(f'{name:16} {n:6} {100 * right / n:7.1f} %')

if __name__ == '__main__': main(*sys.argv[1:])
