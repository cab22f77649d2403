import pickle

import numpy as np
import pytest
from gymnasium.error import CustomSpaceError
from gymnasium.vector.utils import batch_space, concatenate, create_empty_array, create_shared_memory, iterate

from webarena_gym.actions import parse_action
from webarena_gym.spaces import ActionText, UnicodeText

TEXTS = ("café", "漢字", "🎉 party", "plain")


def test_every_text_up_to_the_length_is_a_member_and_nothing_else():
    space = UnicodeText(8)
    assert all(text in space for text in TEXTS)
    assert "123456789" not in space and b"bytes" not in space and 5 not in space and None not in space


def test_membership_takes_no_look_at_the_characters():
    # A str is a member by its length alone: a million characters cost no more than one.
    assert "x" * 1_000_000 in UnicodeText(1_000_000)


def test_a_space_is_small_and_equal_after_pickling():
    space = UnicodeText(100_000)
    assert len(pickle.dumps(space)) < 500
    assert pickle.loads(pickle.dumps(space)) == space != UnicodeText(5)
    assert UnicodeText(5) != ActionText(5) and hash(UnicodeText(5)) == hash(UnicodeText(5))


def test_samples_are_members_and_repeat_with_the_seed():
    one, other = UnicodeText(30, seed=3), UnicodeText(30, seed=3)
    samples = [one.sample() for _ in range(50)]
    assert samples == [other.sample() for _ in range(50)]
    assert all(sample in one for sample in samples)
    assert any(not sample.isascii() for sample in samples)


def test_sampled_actions_parse():
    space = ActionText(1000, seed=0)
    kinds = {type(parse_action(space.sample())).__name__ for _ in range(300)}
    assert {"Click", "Fill", "Select", "Press", "Stop"} <= kinds


def test_a_batch_of_texts_is_a_tuple_that_keeps_every_character():
    space = UnicodeText(20)
    batched = batch_space(space, 4)
    out = concatenate(space, TEXTS, create_empty_array(space, 4))
    assert out == TEXTS and tuple(iterate(batched, out)) == TEXTS


def test_shared_memory_is_refused_with_the_reason():
    with pytest.raises(CustomSpaceError, match="blank strings"):
        create_shared_memory(UnicodeText(5), n=2)


def test_a_length_must_be_positive_and_flattening_says_why_not():
    with pytest.raises(ValueError, match="max_length must be positive"):
        UnicodeText(0)
    with pytest.raises(AttributeError, match="encode it with a tokenizer"):
        _ = UnicodeText(5).character_set


def test_a_generator_can_be_the_seed():
    assert UnicodeText(30, seed=np.random.default_rng(1)).sample() in UnicodeText(30)
