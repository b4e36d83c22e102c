#!/usr/bin/env python3
"""What a text's language does to lines that are not sure of theirs, both ways: within.py SET.tsv.gz BUDDLE

SET: language (ISO 639), text, kind in columns. Every line of a language that is known is asked about alone, in a text of its own language, and in a text
of another: of English (of German, for English lines), and of the language that it is taken for most often when it is told wrongly. Won are lines that are
told rightly only in a text of their own language; lost are those told rightly alone, but taken for the text's in another's.
"""
import collections, gzip, os, re, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
TAGS = dict(re.findall(r'\("(\w+)", "(\w+)"\)', open(HERE + '/../../src/langid/tag.rs').read()))


def ask(buddle, lines, mostly=None):
    command = [buddle, 'langs', '-j', '1'] + (['--mostly', mostly] if mostly else [])
    answers = subprocess.run(command, input='\n'.join(lines).encode() + b'\n', stdout=subprocess.PIPE, check=True).stdout.decode().split('\n')
    return [answer.split('\t') for answer in answers[:len(lines)]]


def main():
    labelled, buddle = sys.argv[1], sys.argv[2]
    known = {row.split('\t')[0] for row in subprocess.run([buddle, 'langs', '--list'], stdout=subprocess.PIPE, check=True).stdout.decode().split('\n') if row}
    with gzip.open(labelled, 'rt', encoding='utf8', newline='\n') as file:
        rows = [row.split('\t') for row in file.read().split('\n') if row]
    lines = collections.defaultdict(list)
    for row in rows:
        tag = TAGS.get(row[0], row[0])
        if tag in known:
            lines[tag].append(row[1])
    sums = collections.Counter()
    for tag, texts in lines.items():
        alone = ask(buddle, texts)
        wrong = collections.Counter(answer[0] for answer in alone if answer[0] != tag and answer[0] in known)
        others = {'own': tag, 'English': 'de' if tag == 'en' else 'en'}
        if wrong:
            others['alike'] = wrong.most_common(1)[0][0]
        for name, mostly in others.items():
            for text, before, after in zip(texts, alone, ask(buddle, texts, mostly)):
                for length in ('all', 'under 20' if len(text) < 20 else '20 and more'):
                    sums[length, name, 'lines'] += 1
                    sums[length, name, 'before'] += before[0] == tag
                    sums[length, name, 'after'] += after[0] == tag
                    sums[length, name, 'taken'] += before[0] == tag and after[0] == mostly != tag
                    # In clean only lines below this are asked again.
                    sure = before[0] in known and float(before[1]) >= 0.9
                    sums[length, name, 'in clean'] += (before if sure else after)[0] == tag
                    sums[length, name, 'taken in clean'] += before[0] == tag and not sure and after[0] == mostly != tag
    for length in ('all', 'under 20', '20 and more'):
        for name in ('own', 'English', 'alike'):
            of = lambda what: 100 * sums[length, name, what] / max(1, sums[length, name, 'lines'])
            print(f"{length:<12} in a text of {name:<8} {of('before'):6.2f} % right alone, {of('after'):6.2f} in it ({of('in clean'):6.2f} in clean); "
                  f"{of('taken'):5.2f} ({of('taken in clean'):5.2f}) taken for the text's")


main()
