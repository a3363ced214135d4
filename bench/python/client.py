"""The peer of `globe evaluate`. It runs a benchmark in the usual way: with the `openai` package, 16 threads, and one
base64 image per request. It resizes images to the same pixel budget and JPEG quality as the other side.

    python client.py BASE_URL TRUTH.csv IMAGES OUT.csv MAX_PIXELS PROMPT.txt USAGE.json
"""

import base64
import csv
import io
import json
import math
import re
import resource
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from openai import OpenAI
from PIL import Image

THREADS = 16
JPEG_QUALITY = 90


def encode(path: Path, max_pixels: int) -> str:
    """Returns the image, resized to the pixel budget, as a data URI."""
    with Image.open(path) as image:
        image = image.convert("RGB")
        scale = math.sqrt(max_pixels / (image.width * image.height))
        if scale < 1:
            size = (math.floor(image.width * scale), math.floor(image.height * scale))
            image = image.resize(size, Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=JPEG_QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()


def main() -> None:
    base_url, truth, images, out, max_pixels, prompt_file, usage_file = sys.argv[1:]
    client = OpenAI(base_url=base_url, api_key="none")
    prompt = Path(prompt_file).read_text()

    def locate(row: dict) -> dict:
        uri = encode(Path(images) / row["id"], int(max_pixels))
        content = [{"type": "image_url", "image_url": {"url": uri}}, {"type": "text", "text": prompt}]
        completion = client.chat.completions.create(
            model="bench", messages=[{"role": "user", "content": content}], temperature=0, max_tokens=1024
        )
        text = completion.choices[0].message.content
        answer = re.search(r"<answer>(.*?)</answer>", text, re.DOTALL)
        return {"id": row["id"], "response": text, "answer": answer.group(1) if answer else ""}

    with open(truth, newline="") as file:
        rows = list(csv.DictReader(file))
    with ThreadPoolExecutor(THREADS) as pool:
        results = list(pool.map(locate, rows))
    with open(out, "w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=["id", "response", "answer"])
        writer.writeheader()
        writer.writerows(results)
    used = resource.getrusage(resource.RUSAGE_SELF)
    usage = {"cpuSeconds": used.ru_utime + used.ru_stime, "memoryMiB": used.ru_maxrss / 1024}
    Path(usage_file).write_text(json.dumps(usage))


if __name__ == "__main__":
    main()
