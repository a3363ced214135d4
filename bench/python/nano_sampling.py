"""The peer of `npm run bench -- nano-sampling`: transformers' `generate` on a Llama of the same sizes.

    python nano_sampling.py SETTINGS.json          (answers each line on stdin with one line of JSON)
"""

import json
import sys
import time
from pathlib import Path

import torch
import transformers
from transformers import LlamaConfig, LlamaForCausalLM


def main() -> None:
    settings = json.loads(Path(sys.argv[1]).read_text())
    torch.set_num_threads(settings["threads"])
    torch.manual_seed(1)
    decoder = settings["config"]["decoder"]
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=settings["config"]["vocabularySize"],
            hidden_size=decoder["width"],
            intermediate_size=decoder["mlpWidth"],
            num_hidden_layers=decoder["layers"],
            num_attention_heads=decoder["heads"],
            num_key_value_heads=decoder["keyValueHeads"],
            max_position_embeddings=settings["config"]["contextTokens"],
            tie_word_embeddings=True,
            bos_token_id=None,
            eos_token_id=None,
            pad_token_id=0,
            attn_implementation="sdpa",
        )
    ).eval()
    prompts = torch.randint(9, settings["config"]["vocabularySize"], (settings["batch"], settings["prompt"]))
    mask = torch.ones_like(prompts)
    for _ in sys.stdin:
        start = time.perf_counter()
        with torch.inference_mode():
            out = model.generate(
                prompts,
                attention_mask=mask,
                do_sample=True,
                temperature=1.0,
                top_k=0,
                top_p=1.0,
                max_new_tokens=settings["tokens"],
                min_new_tokens=settings["tokens"],
                use_cache=True,
            )
        seconds = time.perf_counter() - start
        made = (out.shape[1] - prompts.shape[1]) * out.shape[0]
        print(
            json.dumps(
                {
                    "tokensPerSecond": made / seconds,
                    "tokens": made,
                    "torch": torch.__version__,
                    "transformers": transformers.__version__,
                    "parameters": sum(p.numel() for p in model.parameters()),
                }
            ),
            flush=True,
        )


if __name__ == "__main__":
    main()
