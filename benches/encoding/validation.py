#!/usr/bin/env python3
"""A set of files to score detection with: validation.py TEXTS OUT [SEED] (stdlib only). Lines that the model was not trained on (every twentieth
of TEXTS) in every encoding that holds them: one line, some lines (2 kB), many (60 kB). The format is that of the shared sets: manifest.tsv,
truth.jsonl, files/. Its bias: the same kind of text that the model was trained on."""
import json, os, random, sys, unicodedata

ENCODINGS = {
    'windows-1252 iso-8859-15 macintosh:mac_roman ibm850:cp850 ibm437:cp437': 'en de fr es pt nl it da sv nb fi is ca gl eu',
    'windows-1250 iso-8859-2 ibm852:cp852 x-mac-ce:mac_latin2 iso-8859-16': 'pl cs sk hu ro sl hr',
    'windows-1251 iso-8859-5 x-mac-cyrillic:mac_cyrillic ibm855:cp855 ibm866:cp866': 'ru bg', 'windows-1251 koi8-u x-mac-cyrillic:mac_cyrillic': 'uk', 'koi8-r': 'ru',
    'windows-1251': 'be sr mk', 'windows-1253 iso-8859-7 ibm737:cp737': 'el', 'windows-1254 ibm857:cp857': 'tr', 'windows-1255 ibm862:cp862': 'he',
    'windows-1256 iso-8859-6': 'ar', 'windows-1257 iso-8859-13 iso-8859-4': 'et lv lt', 'windows-1258': 'vi', 'windows-874:cp874': 'th', 'koi8-t:koi8_t': 'tg',
    'shift_jis:cp932 euc-jp iso-2022-jp': 'ja', 'gbk gb18030 hz': 'zh', 'big5': 'zh', 'euc-kr:cp949 johab iso-2022-kr': 'ko',
}

def encode(text, codec, lang):
    if lang == 'ro' and codec != 'iso-8859-16': text = text.translate(str.maketrans('șțȘȚ', 'şţŞŢ'))
    if codec == 'windows-1258':
        import model
        text = model.apart(text)
    try: return text, text.encode(codec)
    except UnicodeEncodeError: return None

def main(folder, out, seed='1'):
    rng = random.Random(int(seed))
    os.makedirs(f'{out}/files', exist_ok=True)
    manifest, truth, n = open(f'{out}/manifest.tsv', 'w'), open(f'{out}/truth.jsonl', 'w'), 0
    manifest.write('file\tencoding\tlanguage\tcategory\tdeclared\tsource\n')
    for names, langs in ENCODINGS.items():
        for name in names.split():
            name, codec = (name.split(':') + [name])[:2]
            for lang in langs.split():
                lines = [l for i, l in enumerate(open(f'{folder}/{lang}.txt', encoding='utf-8').read().split('\n')) if i % 20 == 0 and l]
                pairs = [p for p in (encode(l, codec, lang) for l in lines) if p and (any(b >= 128 for b in p[1]) or not p[0].isascii())]
                if len(pairs) < 30: continue
                for category, count, size in (('line', 4, 1), ('some', 2, 2000), ('many', 1, 60000)):
                    for _ in range(count):
                        part, total = [], 0
                        while total < size and len(part) < 400:
                            part.append(rng.choice(pairs)); total += len(part[-1][1]) + 1
                        raw = '\n'.join(p[0] for p in part) + '\n'
                        n += 1
                        file = f'files/{n:05}.txt'
                        open(f'{out}/{file}', 'wb').write(raw.encode(codec))
                        manifest.write(f'{file}\t{name}\t{lang}\t{category}\t\tvalidation\n')
                        truth.write(json.dumps({'file': file, 'text': raw}) + '\n')

if __name__ == '__main__': main(*sys.argv[1:])
