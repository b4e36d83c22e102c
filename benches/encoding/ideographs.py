#!/usr/bin/env python3
"""Writes src/decode/ideographs.bin, what characters cost in Japanese, Korean and Chinese: ideographs.py TEXTS >src/decode/ideographs.bin

Of each of ja, ko, zh-hans, zh-hant (a line of Chinese is of the script that it can be written in) the most frequent characters that are not ASCII,
and what each costs in sixteenths of a bit. Format, little-endian, for each language in this order: number (u16), then character (u16) and cost (u8)."""
import math, struct, sys

MOST = 3000

def encodable(line, codec):
    try: line.encode(codec); return True
    except UnicodeEncodeError: return False

def main(folder):
    read = lambda lang: open(f'{folder}/{lang}.txt', encoding='utf-8').read().split('\n')
    zh = [l for i, l in enumerate(read('zh')) if i % 20]
    texts = {'ja': [l for i, l in enumerate(read('ja')) if i % 20], 'ko': [l for i, l in enumerate(read('ko')) if i % 20],
             'zh-hans': [l for l in zh if encodable(l, 'gb2312')], 'zh-hant': [l for l in zh if encodable(l, 'big5')]}
    out = []
    for lang, lines in texts.items():
        counts = {}
        for line in lines:
            for c in line:
                if ord(c) >= 0x80 and ord(c) < 0x10000: counts[c] = counts.get(c, 0) + 1
        total = sum(counts.values())
        top = sorted(counts.items(), key=lambda i: (-i[1], i[0]))[:MOST]
        out.append(struct.pack('<H', len(top)))
        out += [struct.pack('<HB', ord(c), min(255, round(-16 * math.log2(n / total)))) for c, n in sorted(top)]
        print(lang, total, len(counts), top[-1], ''.join(c for c, _ in top[:40]), file=sys.stderr)
    sys.stdout.buffer.write(b''.join(out))

if __name__ == '__main__': main(sys.argv[1])
