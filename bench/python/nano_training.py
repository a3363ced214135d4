"""The peer of `npm run bench -- nano-training`: the same model in PyTorch, one training step at a time.

    python nano_training.py SETTINGS.json          (answers each line on stdin with one line of JSON)

A step is loss, backward, clipping and AdamW. `eager` is plain PyTorch with fused attention and the fused optimizer;
`compiled` is the same model with torch.compile.
"""

import json
import sys
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "build" / "fixtures"))
from nano_reference import Nano, chosen_logprobs  # noqa: E402


def main() -> None:
    settings = json.loads(Path(sys.argv[1]).read_text())
    torch.set_num_threads(settings["threads"])
    config, batch, length, prompt = (settings[k] for k in ("config", "batch", "length", "prompt"))
    generator = torch.Generator().manual_seed(1)
    model = Nano(config, generator)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.normal_(0, 0.02, generator=generator)
    side = config["image"]["sizePixels"] // config["image"]["patchPixels"]
    values = config["image"]["patchPixels"] ** 2 * 3
    tokens = torch.randint(9, config["vocabularySize"], (batch, length + 1), generator=generator)
    rows = torch.cat([torch.arange(prompt - 1, length) + i * length for i in range(batch)])
    data = {
        "tokens": tokens[:, :-1].contiguous(),
        "patches": torch.rand(batch, side * side, values, generator=generator) * 2 - 1,
        "imageOf": torch.arange(batch),
        "rows": rows,
        "targets": tokens[:, 1:].reshape(-1)[rows],
    }
    parameters = list(model.parameters())
    optimizer = torch.optim.AdamW(parameters, lr=1e-4, fused=True)

    def loss_of():
        return -chosen_logprobs(model, data).mean()

    losses = {"eager": loss_of}

    def step(loss_function):
        optimizer.zero_grad()
        loss = loss_function()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        return loss.item()

    for line in sys.stdin:
        request = json.loads(line)
        kind = request["kind"]
        try:
            if kind not in losses:
                losses[kind] = torch.compile(loss_of)
            times = []
            for _ in range(request["steps"]):
                start = time.perf_counter()
                loss = step(losses[kind])
                times.append((time.perf_counter() - start) * 1000)
            answer = {"ms": sorted(times)[len(times) // 2], "loss": loss, "torch": torch.__version__}
        except Exception as error:  # noqa: BLE001  (such as torch.compile without a C++ compiler)
            answer = {"error": str(error)[:300]}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
