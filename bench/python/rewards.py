"""The peer of our rule rewards: the released plugin's (accuracy, visual, format), reimplemented from their description.

Reads a JSON file of rows. Each input line is a number of passes over the rows. The answer is a line of JSON with the
elapsed seconds, the CPU seconds and the sums of the rewards, which must equal the other side's. Standard library only.
"""

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "build" / "fixtures"))
from reference_rewards import accuracy, form, visual  # noqa: E402


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
