"""A crawl for benches/index.sh: SEED DOCUMENTS. Each document has 20 lines, ten of them those of the document before, on sites of 200: lines repeat, documents do not."""

import json
import random
import sys

seed, documents = int(sys.argv[1]), int(sys.argv[2])
rng = random.Random(seed)
words = [
    "".join(rng.choice("bcdfghklmnprstvz") + rng.choice("aeiou") for _ in range(rng.randint(1, 4)))
    for _ in range(20000)
]
write = sys.stdout.write
block = []
for n in range(documents):
    if n % 200 == 0:
        site = f"s{seed}-{n // 200}.example"
        before = [" ".join(rng.choices(words, k=6)).capitalize() for _ in range(10)]
    own = [" ".join(rng.choices(words, k=6)).capitalize() for _ in range(10)]
    text = "\n".join(before + own)
    before = own
    block.append(f'{{"id":"{seed}-{n}","url":"https://{site}/{n}","text":{json.dumps(text)}}}\n')
    if len(block) == 1000:
        write("".join(block))
        block.clear()
write("".join(block))
