"""The peer of `npm run bench -- grpo-step`: TRL's GRPOTrainer on a Llama of the same decoder, one step at a time.

    python grpo_step.py SETTINGS.json          (runs one step for each line on stdin and answers with one line of JSON)
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["HF_HUB_OFFLINE"] = "1"

import torch
import transformers
import trl
from datasets import Dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast, TrainerCallback
from trl import GRPOConfig, GRPOTrainer

# The trainer prints a log to stdout. Answers therefore go to a copy of stdout, and everything else that is printed
# goes to stderr.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def words_tokenizer(size: int) -> PreTrainedTokenizerFast:
    """Maps each word to one token, so that text costs the peer as little as possible."""
    vocabulary = {"<pad>": 0, "<end>": 1, **{f"t{i}": i for i in range(2, size)}}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<pad>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", eos_token="<end>")


def saved_model(settings: dict, folder: str, tokenizer: PreTrainedTokenizerFast) -> int:
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
            eos_token_id=1,
            pad_token_id=0,
        )
    )
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return sum(p.numel() for p in model.parameters())


def distinct_words(completions, **_) -> list[float]:
    return [len(set(words)) / max(1, len(words)) for words in (text.split() for text in completions)]


class Asked(TrainerCallback):
    """Starts a step when a line arrives and answers at its end."""

    def __init__(self, facts: dict) -> None:
        self.facts = facts
        self.started = 0.0

    def on_step_begin(self, args, state, control, **_):
        if not sys.stdin.readline():
            control.should_training_stop = True
            os._exit(0)
        self.started = time.perf_counter()

    def on_step_end(self, args, state, control, **_):
        seconds = time.perf_counter() - self.started
        print(json.dumps({"seconds": seconds, **self.facts}), file=answers, flush=True)


def main() -> None:
    settings = json.loads(Path(sys.argv[1]).read_text())
    torch.set_num_threads(settings["threads"])
    torch.manual_seed(1)
    vocabulary = settings["config"]["vocabularySize"]
    tokenizer = words_tokenizer(vocabulary)
    folder = tempfile.mkdtemp(prefix="grpo-peer-")
    parameters = saved_model(settings, folder, tokenizer)
    prompts = torch.randint(2, vocabulary, (256, settings["prompt"]))
    data = Dataset.from_list([{"prompt": " ".join(f"t{i}" for i in row)} for row in prompts.tolist()])
    facts = {
        "parameters": parameters,
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "trl": trl.__version__,
    }
    trainer = GRPOTrainer(
        model=folder,
        reward_funcs=distinct_words,
        train_dataset=data,
        processing_class=tokenizer,
        callbacks=[Asked(facts)],
        args=GRPOConfig(
            output_dir=folder,
            use_cpu=True,
            bf16=False,
            gradient_checkpointing=False,
            per_device_train_batch_size=settings["prompts"] * settings["group"],
            gradient_accumulation_steps=1,
            num_generations=settings["group"],
            max_completion_length=settings["tokens"],
            generation_kwargs={"min_new_tokens": settings["tokens"]},
            temperature=1.0,
            beta=0.001,
            epsilon=0.2,
            loss_type="grpo",
            num_iterations=1,
            learning_rate=1e-6,
            max_grad_norm=1.0,
            max_steps=100_000,
            logging_steps=100_000,
            save_strategy="no",
            report_to="none",
            disable_tqdm=True,
            model_init_kwargs={"dtype": "float32"},
        ),
    )
    trainer.train()


if __name__ == "__main__":
    main()
