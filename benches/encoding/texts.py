#!/usr/bin/env python3
"""Plain text by language out of unpacked Debian packages: texts.py UNPACKED OUT (stdlib only; fetch.sh makes UNPACKED).

Messages of programs (`.mo`), manuals (`man/xx`), HTML of the installation guide, the Debian handbook and LibreOffice's help. Writes OUT/xx.txt,
a line for each message or paragraph, each once, in a fixed order, 1,500,000 characters a language at most: first what is prose."""
import glob, gzip, hashlib, html, os, re, struct, sys, unicodedata

# Languages that some single-byte encoding was made for, and those that are written like them. What the locale is called, and what it goes by here.
LANGS = '''en de fr es pt nl it da sv nb nn fi is ca gl eu ga cy sq pl cs sk hu ro sl hr sr-latn et lv lt tr az eo id vi af mt br
ru uk be bg sr mk kk tg mn el he ar fa ug th ja ko zh'''.split()
ALIAS = {'pt_BR': 'pt', 'no': 'nb', 'bs': 'hr', 'sr@latin': 'sr-latn', 'sr@ijekavianlatin': 'sr-latn', 'sr@Latn': 'sr-latn', 'sr@ijekavian': 'sr', 'en_GB': 'en',
         'ms': 'id', 'iw': 'he', 'ca@valencia': 'ca', 'fa_IR': 'fa', 'oc': 'ca', 'zh_CN': 'zh', 'zh_TW': 'zh', 'be@tarask': 'be', 'ast': 'es', 'pt-br': 'pt'}
MOST = 1_500_000

def lang_of(name):
    name = name.split('.')[0]
    if name in ALIAS: return ALIAS[name]
    base = re.split('[_@-]', name)[0]
    return base if base in LANGS and ('@' not in name) else None

def messages(path):
    data = open(path, 'rb').read()
    order = '<' if data[:4] == b'\xde\x12\x04\x95' else '>'
    n, at_id, at_str = struct.unpack(order + '3I', data[8:20])
    charset = 'utf-8'
    for i in range(n):
        size, at = struct.unpack(order + '2I', data[at_str + 8 * i:at_str + 8 * i + 8])
        raw = data[at:at + size]
        if i == 0 and (found := re.search(rb'charset=([\w-]+)', raw)):
            charset = found[1].decode(); continue
        try: text = raw.decode(charset)
        except (UnicodeDecodeError, LookupError): continue
        yield from text.split('\0')

def clean_message(text):
    text = re.sub(r'<[^<>]*>', ' ', text)                        # tags
    text = re.sub(r'%[-+ #0-9.*$l]*[a-zA-Z%]|%\([^)]*\)s?|%L?\d+|\$\{?\w+\}?|\{[^{}]*\}|@\w+@?', ' ', text)   # places for values
    text = re.sub(r'\\[ntr"]|[&_~](?=\w)', lambda m: ' ' if m[0][0] == '\\' else '', html.unescape(text))       # marks of access keys
    return re.sub(r'\s+', ' ', text).strip()

def man_lines(path):
    raw = gzip.open(path).read()
    try: text = raw.decode('utf-8')
    except UnicodeDecodeError: return
    part = []
    for line in text.split('\n'):
        if line.startswith(('.', "'")):
            if re.match(r"[.']\s*(B|I|BR|IR|RI|RB|BI|IB)\b", line): part.append(re.sub(r'^\S+\s*', '', line).replace('"', ''))
            elif part: yield ' '.join(part); part = []
        elif line.strip(): part.append(line)
        elif part: yield ' '.join(part); part = []
    if part: yield ' '.join(part)

def clean_man(text):
    text = re.sub(r'\\f(\[\w*\]|\(..|.)|\\[&c/,|^:%]|\\s[-+]?\d', '', text)
    for a, b in (('\\(aq', "'"), ('\\(oq', '‘'), ('\\(cq', '’'), ('\\(lq', '“'), ('\\(rq', '”'), ('\\(em', '—'), ('\\(en', '–'), ('\\(Fo', '«'), ('\\(Fc', '»'), ('\\-', '-'), ('\\e', '\\'), ('\\ ', ' ')):
        text = text.replace(a, b)
    text = re.sub(r'\\\(..|\\\[[^\]]*\]|\\\*.|\\.', ' ', text)
    return re.sub(r'\s+', ' ', text).strip()

def paragraphs(path):
    text = open(path, encoding='utf-8', errors='replace').read()
    text = re.sub(r'(?s)<(script|style|pre|code|tt|head)\b.*?</\1>', ' ', text)
    for part in re.findall(r'(?s)<(?:p|li|h\d|td|dd|dt)\b[^>]*>(.*?)</(?:p|li|h\d|td|dd|dt)>', text):
        yield re.sub(r'\s+', ' ', html.unescape(re.sub(r'<[^>]*>', '', part))).strip()

def main(base, out):
    os.makedirs(out, exist_ok=True)
    prose, short = {l: {} for l in LANGS}, {l: {} for l in LANGS}
    def add(lang, text):
        text = unicodedata.normalize('NFC', text)
        letters = sum(c.isalpha() for c in text)
        if letters < 4 or letters * 2 < len(text) or '\ufffd' in text: return
        (prose if len(text) >= 60 else short)[lang].setdefault(text)
    for path in sorted(glob.glob(base + '/**/*.mo', recursive=True)):
        parts = path.split('/')
        lang = lang_of(parts[-3]) if len(parts) > 3 else None
        if lang:
            for text in messages(path): add(lang, clean_message(text))
    for path in sorted(glob.glob(base + '/**/man/**/*.gz', recursive=True)):
        name = path.split('/man/')[1].split('/')[0]
        lang = 'en' if re.fullmatch(r'man\d', name) else lang_of(name)
        if lang and not os.path.islink(path):
            for text in man_lines(path): add(lang, clean_man(text))
    for pattern in ('installation-guide-*/usr/share/doc/*/*/*.html', 'debian-handbook/usr/share/doc/debian-handbook/html/*/*.html', 'libreoffice-help-*/usr/**/help/*/text/**/*.html'):
        for path in sorted(glob.glob(f'{base}/{pattern}', recursive=True)):
            parts = path.split('/')
            lang = lang_of((parts[parts.index('help') + 1] if '/help/' in path else parts[-2]).replace('-', '_'))
            if lang:
                for text in paragraphs(path): add(lang, text)
    known = set(prose['en']) | set(short['en'])
    for lang in LANGS:
        # What was left in English says nothing of the language. An order that no package decides.
        texts = [sorted((t for t in part[lang] if lang == 'en' or t not in known), key=lambda t: hashlib.blake2b(t.encode()).digest()) for part in (prose, short)]
        size, kept = 0, []
        for most, part in ((MOST, texts[0]), (MOST, texts[1])):
            for text in part:
                if size + len(text) > most: break
                size += len(text) + 1; kept.append(text)
        with open(f'{out}/{lang}.txt', 'w', encoding='utf-8') as f: f.writelines(t + '\n' for t in kept)
        print(lang, size, len(texts[0]), len(texts[1]), file=sys.stderr)

if __name__ == '__main__': main(*sys.argv[1:])
