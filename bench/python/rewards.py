"""The released plugin's rule rewards (accuracy, visual, format), written again from their description, as a peer of ours.

Started with a JSON file of rows; then each line of input asks for that many passes over them, and is answered by a line
of JSON: seconds by the clock and of the processor, and the sum of all rewards so that both sides can be seen to compute the same. Standard library only.
"""

import json
import re
import sys
import time


def names_match(predicted, truth):
    if not predicted:
        return False
    p, t = predicted.lower(), truth.lower()
    if p in t and len(predicted) / len(truth) >= 0.7:
        return True
    return t in p and len(truth) / len(predicted) >= 0.7


def accuracy(completion, country, city):
    found = re.search(r"<answer>(.*?)</answer>", completion, re.DOTALL)
    answer = found.group(1).strip() if found else ""
    said = {}
    for label in ("country", "city"):
        line = re.search(label + r":\s*([^\n]+)", answer)
        said[label] = line.group(1).strip().lower() if line else ""
    right_country = names_match(said["country"], country)
    if right_country and names_match(said["city"], city):
        return 1.0
    return 0.2 if right_country else 0.0


def visual(completion, tags):
    thinking = completion.split("</think>")[0].replace("<think>", "").lower()
    distinct = {tag.lower() for tag in tags}
    return sum(tag in thinking for tag in distinct) / len(distinct) if distinct else 0.0


def form(completion):
    pattern = r"^<think>.*?</think>\s*<answer>.*?</answer>(?![\s\S])"
    return 1.0 if re.match(pattern, completion, re.DOTALL | re.MULTILINE) else 0.0


def main(path):
    with open(path, encoding="utf-8") as file:
        rows = json.load(file)
    for line in sys.stdin:
        passes = json.loads(line)
        start, cpu = time.perf_counter(), time.process_time()
        for _ in range(passes):
            a = [accuracy(row["completion"], row["country"], row["city"]) for row in rows]
            v = [visual(row["completion"], row["tags"]) for row in rows]
            f = [form(row["completion"]) for row in rows]
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        print(json.dumps({"seconds": seconds, "cpuSeconds": cpu, "sums": [sum(a), sum(v), sum(f)]}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
