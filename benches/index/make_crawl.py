"""A crawl for benches/index.sh: SEED DOCUMENTS. Each document has 20 lines, ten of them those of the document before, on sites of 200: lines repeat, documents do not."""

import random
import sys

seed, documents = int(sys.argv[1]), int(sys.argv[2])
rng = random.Random(seed)
words = ["".join(rng.choice("bcdfghklmnprstvz") + rng.choice("aeiou") for _ in range(rng.randint(1, 4))) for _ in range(20000)]
pairs = [" ".join(rng.choices(words, k=2)) for _ in range(1 << 16)]


def lines():
    """Ten lines of six words, of which no two crawls share more than by chance."""
    bits = rng.getrandbits(480)
    out = []
    for _ in range(10):
        out.append(f"{pairs[bits & 0xFFFF]} {pairs[bits >> 16 & 0xFFFF]} {pairs[bits >> 32 & 0xFFFF]}")
        bits >>= 48
    return "\\n".join(out)


block = []
for n in range(documents):
    if n % 200 == 0:
        before = lines()
    own = lines()
    block.append(f'{{"id":"{seed}-{n}","url":"https://s{seed}-{n // 200}.example/{n}","text":"{before}\\n{own}"}}\n')
    before = own
    if len(block) == 1000:
        sys.stdout.write("".join(block))
        block.clear()
sys.stdout.write("".join(block))
