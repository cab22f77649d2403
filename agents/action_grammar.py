"""Which beginnings of a text can still become an action: what constrained decoding asks of every token.

The language is that of the canonical spellings (``webarena_gym.actions``), a subset of what the parser takes: whatever ends
in it parses. Element numbers are not checked against the page; a missing one costs a step and is explained.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webarena_gym.errors import MissingDependency

if TYPE_CHECKING:
    import regex

_TEXT = r'"(?:[^"\\\x00-\x1f\x7f]|\\["\\n]){{0,{most}}}"'
_KEYS = r'"(?:Enter|Tab|Escape|Backspace|Delete|ArrowUp|ArrowDown|ArrowLeft|ArrowRight|Home|End|PageUp|PageDown)"'


def action_pattern(*, max_text_chars: int) -> regex.Pattern[str]:
    """The actions whose texts have at most so many characters.

    >>> pattern = action_pattern(max_text_chars=5)
    >>> is_action(pattern, 'fill(3, "tea")'), is_action(pattern, 'fill(3, "a long text")')
    (True, False)
    """
    try:
        import regex
    except ImportError:
        raise MissingDependency("regex", "llm", "writing nothing but actions (constrained=true)") from None
    text, number = _TEXT.format(most=max_text_chars), r"[1-9]\d{0,4}"
    return regex.compile(
        "|".join(
            (
                rf"click\({number}\)",
                rf"fill\({number}, {text}(?:, enter=True)?\)",
                rf"select\({number}, {text}\)",
                rf"(?:check|uncheck)\({number}\)",
                rf"press\({_KEYS}\)",
                rf"goto\({text}\)",
                r"(?:back|forward|new_tab|close_tab|noop)\(\)",
                r'scroll\("(?:down|up)"\)',
                r"focus_tab\(\d\)",
                rf"stop\({text}\)",
            )
        )
    )


def is_action(pattern: regex.Pattern[str], text: str) -> bool:
    """The text is a whole action."""
    return pattern.fullmatch(text) is not None


def can_become_action(pattern: regex.Pattern[str], text: str) -> bool:
    """Some continuation of the text, or the text itself, is an action.

    >>> pattern = action_pattern(max_text_chars=5)
    >>> can_become_action(pattern, 'stop("'), can_become_action(pattern, "I will")
    (True, False)
    """
    return pattern.fullmatch(text, partial=True) is not None
