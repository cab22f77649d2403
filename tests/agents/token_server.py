"""A small OpenAI-compatible completions server over a real model, with what training needs of vLLM: ids and log-probabilities
of the tokens drawn, and adapters that are loaded while it runs. ``transformers serve`` offers neither.

It generates by transformers' own ``generate``, so it shares no code with what it tests.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from peft import PeftModel

from tests.servers import QuietHandler, http_server


class TokenServer:
    """``seen`` holds the requests so far; ``adapters`` the names of those that are loaded."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self.model, self.tokenizer = model, tokenizer
        self.seen: list[tuple[str, dict[str, Any]]] = []
        self.adapters: list[str] = []
        self._lock = threading.Lock()

    def answer(self, path: str, request: dict[str, Any]) -> dict[str, Any] | str:
        with self._lock:
            self.seen.append((path, request))
            if path.endswith("/load_lora_adapter"):
                return self._load(request["lora_name"], request["lora_path"])
            if path.endswith("/unload_lora_adapter"):
                self.adapters.remove(request["lora_name"])
                self.model.delete_adapter(request["lora_name"])
                return "unloaded"
            return self._complete(request)

    def _load(self, name: str, path: str) -> str:
        if isinstance(self.model, PeftModel):
            self.model.load_adapter(path, adapter_name=name)
        else:
            self.model = PeftModel.from_pretrained(self.model, path, adapter_name=name)
        self.adapters.append(name)
        return "loaded"

    @torch.inference_mode()
    def _complete(self, request: dict[str, Any]) -> dict[str, Any]:
        if request["model"] in self.adapters:
            self.model.set_adapter(request["model"])
        prompt = torch.tensor([request["prompt"]])
        heat = request["temperature"]
        torch.manual_seed(request["seed"])
        warmth = {"do_sample": True, "temperature": heat, "top_k": 0, "top_p": 1.0} if heat else {"do_sample": False}
        out = self.model.generate(
            input_ids=prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=request["max_tokens"], output_logits=True,
            return_dict_in_generate=True, pad_token_id=self.tokenizer.pad_token_id, stop_strings=request["stop"],
            tokenizer=self.tokenizer, **warmth,
        )  # fmt: skip
        ids = out.sequences[0, prompt.shape[1] :].tolist()
        logprobs = [float(torch.log_softmax(row[0].float(), dim=-1)[i]) for row, i in zip(out.logits, ids, strict=True)]
        text = self.tokenizer.decode(ids, skip_special_tokens=True)
        tokens = [f"token_id:{i}" for i in ids]
        choice = {
            "index": 0, "text": text, "finish_reason": "stop",
            "logprobs": {"tokens": tokens, "token_logprobs": logprobs, "top_logprobs": None, "text_offset": [0] * len(ids)},
        }  # fmt: skip
        usage = {
            "prompt_tokens": prompt.shape[1],
            "completion_tokens": len(ids),
            "total_tokens": prompt.shape[1] + len(ids),
        }
        return {
            "id": "1",
            "object": "text_completion",
            "created": 0,
            "model": request["model"],
            "choices": [choice],
            "usage": usage,
        }


@contextmanager
def serving(model: Any, tokenizer: Any) -> Iterator[tuple[str, TokenServer]]:
    """Its address and the server, in a thread of this process."""
    served = TokenServer(model, tokenizer)

    class Handler(QuietHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            reply = served.answer(self.path, request)
            body = reply.encode() if isinstance(reply, str) else json.dumps(reply).encode()
            kind = "text/plain" if isinstance(reply, str) else "application/json"
            self.answer(200, body, {"Content-Type": kind})

    with http_server(Handler) as url:
        yield f"{url}/v1", served
