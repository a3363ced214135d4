"""Opens a dataset of `globe curate` as its users do, with Hugging Face `datasets` and with DuckDB, and compares the two.

Not part of `npm test`. Run it in an environment with `pip install datasets pillow duckdb`:
    python test/engines/read_dataset.py runs/NAME/dataset
"""

import json
import re
import sys
from pathlib import Path

import datasets
import duckdb

folder = Path(sys.argv[1])
files = {split: sorted(map(str, (folder / "data").glob(f"{split}-*.parquet"))) for split in ("train", "test")}
files = {split: paths for split, paths in files.items() if paths}

loaded = datasets.load_dataset("parquet", data_files=files)
by_card = datasets.load_dataset(str(folder))
report = {"datasets": datasets.__version__, "duckdb": duckdb.__version__, "splits": {}}

for split, rows in loaded.items():
    assert rows.num_rows == by_card[split].num_rows, split
    assert rows.features["images"] == datasets.List(datasets.Image()), rows.features["images"]
    for row in rows:
        image = row["images"][0]
        image.load()
        assert image.format == "JPEG" and image.width > 0, row["IMG_ID"]
        assert not image.getexif() and "comment" not in image.info, row["IMG_ID"]
        assert re.fullmatch(r"<country>.+</country><city>.+</city>", row["__#solution"]), row["__#solution"]
        assert row["response"] and "<think>" not in row["response"], row["IMG_ID"]
        assert all(entity["text"] for entity in row["entities"]), row["IMG_ID"]

    count, countries, cities, entities, image_bytes = duckdb.sql(
        f"""select count(*), count(distinct country), count(distinct city || country), sum(len(entities)),
        sum(octet_length(images[1].bytes)) from read_parquet({files[split]})"""
    ).fetchall()[0]
    assert count == rows.num_rows
    assert countries == len(set(rows["country"]))
    assert entities == sum(len(row) for row in rows["entities"])
    report["splits"][split] = {
        "rows": count,
        "countries": countries,
        "cities": cities,
        "entities": int(entities),
        "image_bytes": int(image_bytes),
        "grounded": duckdb.sql(
            f"""select round(avg(gate.score), 4) from (select unnest(gates) as gate from read_parquet({files[split]}))
            where gate.gate = 'grounding'"""
        ).fetchall()[0][0],
    }

print(json.dumps(report, indent=2))
