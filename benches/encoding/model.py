#!/usr/bin/env python3
"""Writes src/decode/languages.bin, what tells languages in single-byte encodings apart: model.py TEXTS >src/decode/languages.bin

TEXTS holds xx.txt for each language (texts.py makes them). Of each language: its letters (small ones), and for each pair of symbols the bits that
the second costs after the first, in sixteenths: letters, and sixteen classes of all else (CLASSES in src/decode/symbol.rs, which must agree).
Every twentieth line is left out, for checks. Format, all little-endian: number of languages (u16); then for each: name (8 bytes, zeros behind),
number of letters n (u16), the letters (u32 each), (16 + n) squared costs (u8, row by row; the row is what stands before)."""
import math, os, struct, sys, unicodedata

CLASSES = 16
SPACE, DIGIT, STOP, QUOTE, SIGN, LATIN, RARE, FOREIGN, OPENS, CLOSES, DASH, NBSP, COMMON, ODD, CONTROL, MARK = range(CLASSES)
# What a text may hold though the texts here do not: chances a symbol at the least.
FLOOR = {SPACE: 1e-2, DIGIT: 2e-3, STOP: 5e-3, QUOTE: 2e-3, SIGN: 5e-4, LATIN: 1e-3, RARE: 3e-5, FOREIGN: 1e-6, OPENS: 2e-4, CLOSES: 3e-4, DASH: 2e-4,
         NBSP: 2e-4, COMMON: 1e-4, ODD: 3e-6, CONTROL: 1e-7, MARK: 1e-6}
LEAST_BITS = {RARE: 8, FOREIGN: 10, ODD: 10, CONTROL: 15, MARK: 10}
MOST_LETTERS = 64
SMOOTH = 12

def script(c):
    name = unicodedata.name(c, '')
    for s in ('LATIN', 'CYRILLIC', 'GREEK', 'HEBREW', 'ARABIC', 'THAI'):
        if name.startswith(s): return s
    return 'OTHER'

MAIN = {l: 'CYRILLIC' for l in 'ru uk be bg sr mk kk tg mn'.split()} | {'el': 'GREEK', 'he': 'HEBREW', 'ar': 'ARABIC', 'fa': 'ARABIC', 'ug': 'ARABIC', 'th': 'THAI'}

def class_of(c, main):
    u = ord(c)
    if c in ' \n\r\t\f': return SPACE
    if u < 0x80:
        if c.isalpha(): return LATIN
        if c.isdigit(): return DIGIT
        if c in '.,;:!?': return STOP
        if c in '"\'()[]{}<>': return QUOTE
        return CONTROL if u < 32 or u == 127 else SIGN
    if c in '“„«‘‚‹¿¡': return OPENS
    if c in '”’»›': return CLOSES
    if c in '–—…•·': return DASH
    if c in '\xa0\xad': return NBSP
    if c in '°§©®™€£±×½²³№ªºµ¼¾¹': return COMMON
    if c in '،؛؟ـ': return STOP
    if 0x80 <= u < 0xA0: return CONTROL
    kind = unicodedata.category(c)
    if kind[0] == 'M': return MARK
    if kind[0] == 'L': return RARE if script(c) == main else FOREIGN
    return ODD

def lower(c):
    l = c.lower()
    return l if len(l) == 1 else c

TONES = '\u0300\u0301\u0303\u0309\u0323'

def apart(text):
    """Vietnamese as windows-1258 writes it: the tone is a mark behind the letter."""
    out = []
    for c in text:
        parts = unicodedata.normalize('NFD', c)
        tones = [p for p in parts if p in TONES]
        out.append(unicodedata.normalize('NFC', ''.join(p for p in parts if p not in TONES)) + ''.join(tones) if tones else c)
    return ''.join(out)

def main(folder):
    langs = sorted(n[:-4] for n in os.listdir(folder) if n.endswith('.txt') and n[:-4] not in ('ja', 'ko', 'zh', 'ka', 'ug', 'mt'))
    out = [struct.pack('<H', len(langs))]
    for lang in langs:
        main_script = MAIN.get(lang, 'LATIN')
        lines = open(f'{folder}/{lang}.txt', encoding='utf-8').read().split('\n')
        text = '\n'.join(l for i, l in enumerate(lines) if i % 20)
        if lang == 'vi': text = apart(text)
        # Encodings made before 1999 have letters with cedillas for those with commas.
        if lang == 'ro': text = text.translate(str.maketrans('şţŞŢ', 'șțȘȚ'))
        counts = {}
        for c in text:
            c = lower(c)
            k = unicodedata.category(c)[0]
            if (k == 'L' and script(c) == main_script or k == 'M' and (script(c) == main_script or lang == 'vi' and c in TONES)) and c not in 'ªº': counts[c] = counts.get(c, 0) + 1
        total = sum(counts.values())
        letters = [c for c, n in sorted(counts.items(), key=lambda i: (-i[1], i[0])) if n * 20000 >= total and n >= 5][:MOST_LETTERS]
        if main_script == 'LATIN': letters = sorted(set(letters) | set('abcdefghijklmnopqrstuvwxyz'))
        letters.sort()
        symbol = {c: CLASSES + i for i, c in enumerate(letters)}
        size = CLASSES + len(letters)
        cache = {}
        def sym(c):
            s = cache.get(c)
            if s is None: s = cache[c] = symbol.get(lower(c)) or class_of(c, main_script)
            return s
        pairs = [[0] * size for _ in range(size)]
        before = SPACE
        for c in text:
            s = sym(c)
            pairs[before][s] += 1
            before = s
        single = [sum(row[s] for row in pairs) for s in range(size)]
        chance = [max(n / sum(single), FLOOR.get(s, 2e-6)) for s, n in enumerate(single)]
        whole = sum(chance)
        costs = bytearray()
        for row in pairs:
            n = sum(row)
            for s, k in enumerate(row):
                p = (k + SMOOTH * chance[s] / whole) / (n + SMOOTH)
                # What a language does not hold is not made likely by a table of signs in one text.
                costs.append(min(255, round(16 * max(-math.log2(p), LEAST_BITS.get(s, 0)))))
        out.append(lang.encode().ljust(8, b'\0') + struct.pack('<H', len(letters)) + b''.join(struct.pack('<I', ord(c)) for c in letters) + bytes(costs))
        print(lang, len(text), len(letters), ''.join(letters)[:90], file=sys.stderr)
    sys.stdout.buffer.write(b''.join(out))

if __name__ == '__main__': main(sys.argv[1])
