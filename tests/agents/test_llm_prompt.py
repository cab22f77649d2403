"""Prompts: what is in them, what goes first when they are too long, and what never is."""

from __future__ import annotations

import pytest
from webarena_gym.agents.llm_config import LLMPolicyConfig
from webarena_gym.agents.llm_loading import load_model
from webarena_gym.agents.llm_prompt import PromptBuilder, fill_prompt
from webarena_gym.agents.trajectory import State

from tests.agents.fakes import observation_text
from webarena_gym.actions import describe_actions

LINES = [f'[{i}] link "Product number {i}"' for i in range(1, 60)]


@pytest.fixture(scope="module")
def tokenizer():
    return load_model(LLMPolicyConfig(model="tiny-gemma3")).tokenizer


def builder(tokenizer, most: int = 20_000, history: int = 5, chat: bool = True) -> PromptBuilder:
    return PromptBuilder(tokenizer, max_tokens=most, max_history=history, chat=chat)


def long_state(actions: int = 9) -> State:
    pages = tuple(observation_text("Find the lamp", t, f"http://a.test/{t}", LINES) for t in range(actions + 1))
    return State(pages, tuple(f"click({t + 1})" for t in range(actions)))


def test_it_holds_actions_goal_history_and_page(tokenizer):
    text = builder(tokenizer).text(long_state())
    assert describe_actions() in text and "goal: Find the lamp" in text and LINES[-1] in text
    assert "click(9)  (Product number 9)" in text and "click(4)" not in text  # the last five of nine actions
    assert text.endswith("action: ")


def test_the_budget_takes_history_first_and_then_the_end_of_the_page(tokenizer):
    whole = builder(tokenizer)
    length = len(whole.ids(long_state()))
    without_history = len(builder(tokenizer, history=0).ids(long_state()))
    some = builder(tokenizer, most=without_history + 60).text(long_state())
    assert LINES[-1] in some and "click(9)" in some and "click(5)  " not in some
    for most in (length, length - 1, without_history - 300, 3000):
        ids = builder(tokenizer, most=most).ids(long_state())
        assert len(ids) <= most
    short = builder(tokenizer, most=without_history - 300).text(long_state())
    assert "actions so far" not in short and LINES[0] in short and LINES[-1] not in short and "did not fit" in short


def test_a_budget_below_the_instructions_is_refused(tokenizer):
    with pytest.raises(ValueError, match="max_prompt_tokens=256"):
        builder(tokenizer, most=256).ids(long_state())


def test_special_tokens_on_a_page_stay_text(tokenizer):
    state = State((observation_text("Find <eos> it", 0, "http://a.test/", ['[1] link "<bos> a <pad>"']),))
    ids = builder(tokenizer).ids(state)
    assert (
        ids.count(tokenizer.eos_token_id) == ids.count(tokenizer.pad_token_id) == 0
        and ids.count(tokenizer.bos_token_id) == 1
    )


def test_a_chat_template_is_used_where_there_is_one(tokenizer):
    import copy

    chatty = copy.deepcopy(tokenizer)
    chatty.chat_template = (
        "{{ bos_token }}<user>{{ messages[0]['content'] }}</user>{% if add_generation_prompt %}<model>{% endif %}"
    )
    text = builder(chatty).text(long_state(0))
    assert (
        text.startswith("<bos><user>You work on web sites")
        and text.endswith("</user><model>")
        and "An example" not in text
    )
    assert builder(chatty, chat=False).text(long_state(0)).endswith("action: ")


def test_braces_on_a_page_are_no_fields():
    assert fill_prompt("{a}: {b} {c}", a="{b}", b="x") == "{b}: x {c}"
