"""Near-duplicates by MinHash and LSH as one writes it in python3 with numpy: the peer of ./workbench bench data.

The same algorithm as the product's: word 3-grams, 100 hash functions in 20 bands of 5, every candidate checked by
its exact Jaccard similarity, the first of similar rows stays.

    python3 minhash_peer.py ROWS.jsonl COUNT THRESHOLD
prints {"rows","seconds","removed":[numbers]}.
"""
import json
import re
import sys
import time
import zlib

import numpy as np

BANDS, PER_BAND, NGRAM = 20, 5, 3
WORD = re.compile(r"\w+")


def shingles(text):
    words = WORD.findall(text.lower())
    n = min(NGRAM, len(words))
    return {" ".join(words[i:i + n]) for i in range(len(words) - n + 1)} if words else set()


def main():
    path, count, threshold = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    random = np.random.default_rng(1)
    multipliers = (random.integers(0, 1 << 31, BANDS * PER_BAND, dtype=np.uint64) * 2 + 1).astype(np.uint32)
    offsets = random.integers(0, 1 << 32, BANDS * PER_BAND, dtype=np.uint64).astype(np.uint32)
    tables = [{} for _ in range(BANDS)]
    kept, removed = {}, []
    start = time.perf_counter()
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if number > count:
                break
            row = json.loads(line)
            mine = shingles("\n".join(message["content"] for message in row["messages"]))
            hashes = np.fromiter((zlib.crc32(shingle.encode()) for shingle in mine), np.uint32, len(mine))
            signature = (multipliers[:, None] * hashes[None, :] + offsets[:, None]).min(axis=1)
            keys = [signature[band * PER_BAND:(band + 1) * PER_BAND].tobytes() for band in range(BANDS)]
            candidates = {other for band, key in enumerate(keys) for other in tables[band].get(key, ())}
            if any(len(mine & kept[other]) / len(mine | kept[other]) >= threshold for other in candidates):
                removed.append(number)
                continue
            kept[number] = mine
            for band, key in enumerate(keys):
                tables[band].setdefault(key, []).append(number)
    print(json.dumps({"rows": min(count, number), "seconds": time.perf_counter() - start, "removed": removed}))


if __name__ == "__main__":
    main()
