"""Action text to Action. Four spellings are understood; nothing in the text is ever evaluated as code.

- canonical: ``click(12)``, ``fill(12, "text")``, ``stop("answer")``
- BrowserGym: ``click('12')``, ``select_option('12', 'Blue')``, ``send_msg_to_user('...')``, ``report_infeasible('...')``
- WebArena: ``click [12]``, ``type [12] [text] [1]``, ``stop [answer]``
- WebRL: ``do(action="Click", element="12")``, ``exit(message="...")``

Around the action, a Markdown code fence and ``#`` comment lines are allowed, since language models write them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from ..errors import ActionSyntaxError
from .schema import (
    Action,
    Back,
    Check,
    Click,
    CloseTab,
    Fill,
    FocusTab,
    Forward,
    Goto,
    NewTab,
    Noop,
    Press,
    Scroll,
    Select,
    Stop,
    Uncheck,
)

MAX_ACTION_CHARS = 20_000

Value = str | int | float | bool | None | list[str]

_FENCE = re.compile(r"```(?:\w+\n)?(.*?)```", re.DOTALL)
_CALL = re.compile(r"([A-Za-z_]\w*)\s*\(", re.ASCII)
_WEBARENA = re.compile(r"([a-z_]+)((?:\s*\[.*\])?)\s*", re.ASCII | re.DOTALL)
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<number>-?\d{1,15}(?:\.\d{1,15})?)(?![\w.])
    | (?P<word>[A-Za-z_]\w*)
    | (?P<mark>[=,()\[\]])
    )""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0"}
_WORDS: dict[str, Value] = {"True": True, "False": False, "None": None, "true": True, "false": False, "null": None}


def parse_action(text: str) -> Action:
    """Return the one action that ``text`` spells.

    Raises:
        ActionSyntaxError: the text is too long, holds a NUL or an unpaired surrogate, or is no action; the message says
            which, and shows the spelling that would do.
    """
    if not isinstance(text, str):
        raise ActionSyntaxError(f"an action is a string, got {type(text).__name__}")
    if len(text) > MAX_ACTION_CHARS:
        raise ActionSyntaxError(f"the action has {len(text):,} characters; the limit is {MAX_ACTION_CHARS:,}")
    _refuse_unprintable(text)
    body = _strip_wrapping(text)
    if not body:
        raise ActionSyntaxError('the action is empty; write one action, such as click(12) or stop("answer")')
    if (call := _CALL.match(body)) is not None:
        if call[1] not in _CALLS:
            raise ActionSyntaxError(f"unknown action {call[1][:40]!r}; the actions are {', '.join(CANONICAL_NAMES)}")
        arguments = _Arguments.read(name=call[1], body=body, start=call.end())
        action = _CALLS[call[1]](arguments)
        arguments.refuse_the_rest()
    elif (bracketed := _WEBARENA.fullmatch(body)) is not None and bracketed[1] in _BRACKETS:
        action = _BRACKETS[bracketed[1]](_Brackets(bracketed[1], bracketed[2].strip()))
    else:
        shown = body if len(body) <= 80 else body[:77] + "..."
        raise ActionSyntaxError(f'{shown!r} is not an action; write one action, such as click(12) or stop("answer")')
    for value in (getattr(action, slot) for slot in action.__slots__):
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, str):
                _refuse_unprintable(part)  # an escape such as \u0000 can spell what the text itself may not hold
    return action


def _refuse_unprintable(text: str) -> None:
    if "\0" in text:
        raise ActionSyntaxError("the action holds a NUL character; leave it out")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ActionSyntaxError(
            f"the action holds an unpaired surrogate (U+{ord(text[error.start]):04X}); leave it out"
        ) from None


def _strip_wrapping(text: str) -> str:
    fences = _FENCE.findall(text)
    body = fences[-1] if fences else text
    lines = body.strip().split("\n")
    while lines and (not lines[0].strip() or lines[0].lstrip().startswith("#")):
        lines.pop(0)  # WebRL's policies explain the element in comment lines above the action
    return "\n".join(lines).strip()


class _Arguments:
    """The arguments of a call, taken one by one by position or by keyword."""

    def __init__(self, name: str, positional: list[Value], keywords: dict[str, Value]) -> None:
        self.name, self._positional, self._keywords = name, positional, keywords

    @classmethod
    def read(cls, *, name: str, body: str, start: int) -> _Arguments:
        positional: list[Value] = []
        keywords: dict[str, Value] = {}
        tokens = _tokenize(body, start)
        closed = False
        while tokens:
            token = tokens.pop(0)
            if token.kind == "mark" and token.text == ")":
                closed = True
                break
            if token.kind == "mark" and token.text == ",":
                continue
            if token.kind == "word" and tokens and tokens[0].text == "=" and tokens[0].kind == "mark":
                tokens.pop(0)
                keywords[token.text] = _value(tokens.pop(0) if tokens else None, tokens, name)
            else:
                positional.append(_value(token, tokens, name))
        if not closed:
            raise ActionSyntaxError(f"{name}(... is not closed; end the action with ')'")
        if tokens:
            raise ActionSyntaxError(f"something follows {name}(...); write one action at a time")
        return cls(name, positional, keywords)

    def take(self, *names: str, default: Value | type[Exception] = ActionSyntaxError) -> Value:
        """The next positional argument, or the keyword argument of one of these names."""
        for name in names:
            if name in self._keywords:
                return self._keywords.pop(name)
        if self._positional:
            return self._positional.pop(0)
        if default is ActionSyntaxError:
            raise ActionSyntaxError(f"{self.name} needs {names[0]}; write {_USAGE.get(self.name, self.name + '(...)')}")
        return default  # type: ignore[return-value]

    def element(self) -> int:
        return _element(self.take("element", "bid", "id"), self.name)

    def string(self, *names: str, default: Value | type[Exception] = ActionSyntaxError) -> str:
        value = self.take(*names, default=default)
        if isinstance(value, bool) or value is None or isinstance(value, list):
            raise ActionSyntaxError(f"{self.name} needs {names[0]} as a quoted text, got {value!r}")
        return value if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)

    def drop(self, *names: str) -> None:
        """Forget arguments of BrowserGym that change nothing here, such as the mouse button."""
        for name in names:
            self.take(name, default=None)

    def refuse_the_rest(self) -> None:
        if self._positional or self._keywords:
            extra = [repr(value) for value in self._positional] + list(self._keywords)
            raise ActionSyntaxError(
                f"{self.name} does not take {', '.join(extra)[:80]}; write {_USAGE.get(self.name, self.name + '()')}"
            )


class _Token(NamedTuple):
    kind: str
    text: str


def _tokenize(body: str, start: int) -> list[_Token]:
    tokens, position = [], start
    while position < len(body):
        match = _TOKEN.match(body, position)
        if match is None:
            rest = body[position:].strip()
            if not rest:
                break
            raise ActionSyntaxError(f"cannot read {rest[:40]!r}; put texts in double quotes and escape quotes with \\")
        tokens.append(_Token(match.lastgroup or "", match.group(match.lastgroup or 0)))
        position = match.end()
    return tokens


def _value(token: _Token | None, tokens: list[_Token], name: str) -> Value:
    match token:
        case _Token("string", text):
            return _unescape(text[1:-1])
        case _Token("number", text):
            return float(text) if "." in text else int(text)
        case _Token("word", text) if text in _WORDS:
            return _WORDS[text]
        case _Token("mark", "["):
            items: list[str] = []
            while tokens:
                token = tokens.pop(0)
                if token == _Token("mark", "]"):
                    return items
                if token == _Token("mark", ","):
                    continue
                if token.kind not in ("string", "number"):
                    break
                items.append(_unescape(token.text[1:-1]) if token.kind == "string" else token.text)
            raise ActionSyntaxError(f"the list in {name}(...) is not closed or holds more than quoted texts")
        case _:
            shown = token.text if token else "nothing"
            raise ActionSyntaxError(f"{name}(...) has {shown!r} where a value belongs; put texts in double quotes")


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text

    def replace(match: re.Match[str]) -> str:
        escape = match[1]
        if escape[0] in "ux" and len(escape) > 1:
            return chr(int(escape[1:], 16))
        return _ESCAPED.get(escape, escape)

    replaced = _ESCAPE.sub(replace, text)
    # JSON spells characters beyond U+FFFF as two escapes; joined here they are one character again.
    return (
        replaced.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
        if "\\u" in text.lower()
        else replaced
    )


def _element(value: Value, name: str) -> int:
    text = str(value).strip().removeprefix("[").removesuffix("]")
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise ActionSyntaxError(f"{name} needs the number of an element, as in {name}(12); got {str(value)[:40]!r}")
    return int(text)


def _direction(value: str, name: str) -> Scroll:
    word = value.strip().lower().removeprefix("direction=").strip("\"'")
    if word not in ("down", "up"):
        raise ActionSyntaxError(f'{name} takes "down" or "up", got {value[:40]!r}')
    return Scroll("down" if word == "down" else "up")


def _index(value: Value, name: str) -> int:
    text = str(value).strip()
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,4}", text, re.ASCII):
        raise ActionSyntaxError(f"{name} needs the index of a tab, counted from 0; got {str(value)[:40]!r}")
    return int(text)


def _fill(args: _Arguments) -> Action:
    element = args.element()
    text = args.string("text", "value")
    enter = args.take("enter", "press_enter", default=False)
    args.drop("enable_autocomplete_menu")
    return Fill(element, text, bool(enter) and enter not in ("0", "False", "false"))


def _select(args: _Arguments) -> Action:
    element = args.element()
    options = args.take("options", "option", "value", "label")
    if options is None or isinstance(options, bool):
        raise ActionSyntaxError(f'{args.name} needs the label of an option, as in select({element}, "Blue")')
    return Select(element, tuple(options) if isinstance(options, list) else (str(options),))


def _press(args: _Arguments) -> Action:
    first = args.string("key", "key_comb", "element", "bid")
    second = args.take("key", "key_comb", default=None)
    if second is None:
        return Press(first)
    return Press(str(second), _element(first, args.name))


def _scroll(args: _Arguments) -> Action:
    value = args.take("direction", "delta_x", default="down")
    if isinstance(value, str):
        return _direction(value, args.name)
    down = args.take("delta_y", default=1)  # BrowserGym's scroll(delta_x, delta_y)
    return Scroll("up" if isinstance(down, (int, float)) and down < 0 else "down")


def _webrl(args: _Arguments) -> Action:
    """WebRL's ``do(action=..., argument=..., element=...)``, of which Type and Search end with Enter."""
    kind = args.string("action").strip().lower()
    argument = args.take("argument", default=None)
    element = args.take("element", default=None)

    def target() -> int:
        return _element(element, f"do(action={kind!r}) with element")

    text = "" if argument is None else str(argument)
    match kind:
        case "click" | "hover" | "right click":
            return Click(target()) if kind == "click" else Noop()
        case "type" | "search":
            return Fill(target(), text, enter=True)
        case "select dropdown option":
            return Select(target(), (text,))
        case "press enter":
            return Press("Enter")
        case "scroll down" | "scroll up":
            return Scroll("down" if kind.endswith("down") else "up")
        case "go backward":
            return Back()
        case "go forward":
            return Forward()
        case "switch tab":
            return FocusTab(_index(argument, "Switch Tab"))
        case "wait":
            return Noop()
        case "goto":
            return Goto(text)
    raise ActionSyntaxError(f"do(action={kind[:40]!r}) is unknown; use Click, Type, Search, Select Dropdown Option, "
                            "Press Enter, Scroll Down, Scroll Up, Go Backward, Go Forward or Wait")  # fmt: skip


def _without(action: Action, *ignored: str) -> Callable[[_Arguments], Action]:
    def read(args: _Arguments) -> Action:
        if ignored:
            args.drop(*ignored)
        return action

    return read


def _click(args: _Arguments) -> Action:
    element = args.element()
    args.drop("button", "modifiers")
    return Click(element)


def _focus_tab(args: _Arguments) -> Action:
    return FocusTab(_index(args.take("index", "page_index", "tab_index"), args.name))


def _unsupported(reason: str) -> Callable[[_Arguments], Action]:
    def read(args: _Arguments) -> Action:
        raise ActionSyntaxError(f"{args.name} is not supported: {reason}")

    return read


_CALLS: dict[str, Callable[[_Arguments], Action]] = {
    "click": _click,
    "fill": _fill,
    "select": _select,
    "check": lambda args: Check(args.element()),
    "uncheck": lambda args: Uncheck(args.element()),
    "press": _press,
    "goto": lambda args: Goto(args.string("url")),
    "back": _without(Back()),
    "forward": _without(Forward()),
    "scroll": _scroll,
    "new_tab": _without(NewTab()),
    "focus_tab": _focus_tab,
    "close_tab": _without(CloseTab()),
    "noop": _without(Noop(), "wait_ms"),
    "stop": lambda args: Stop(args.string("answer", "text", default="")),
    # BrowserGym
    "dblclick": _click,
    "type": _fill,
    "clear": lambda args: Fill(args.element(), ""),
    "select_option": _select,
    "keyboard_press": _press,
    "hover": _without(Noop(), "bid", "element"),
    "focus": _without(Noop(), "bid", "element"),
    "go_back": _without(Back()),
    "go_forward": _without(Forward()),
    "tab_focus": _focus_tab,
    "tab_close": _without(CloseTab()),
    "send_msg_to_user": lambda args: Stop(args.string("text", "message")),
    "report_infeasible": lambda args: (args.drop("reason"), Stop("N/A"))[1],
    "upload_file": _unsupported("no site of the benchmark needs a file from disk"),
    "drag_and_drop": _unsupported("no site of the benchmark needs it"),
    # WebRL
    "do": _webrl,
    "exit": lambda args: Stop(args.string("message", "answer", default="")),
    "go_backward": _without(Back()),
}

CANONICAL_NAMES = (
    "click", "fill", "select", "check", "uncheck", "press", "goto", "back", "forward", "scroll", "new_tab", "focus_tab",
    "close_tab", "noop", "stop",
)  # fmt: skip

_USAGE = {
    "click": "click(12)",
    "fill": 'fill(12, "text")',
    "select": 'select(12, "option")',
    "check": "check(12)",
    "uncheck": "uncheck(12)",
    "press": 'press("Enter")',
    "goto": 'goto("url")',
    "scroll": 'scroll("down")',
    "focus_tab": "focus_tab(1)",
    "stop": 'stop("answer")',
}


class _Brackets:
    """The bracketed arguments of a WebArena action; texts may themselves hold brackets."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self._text = name, text

    def whole(self) -> str:
        if not self._text:
            raise ActionSyntaxError(f"{self.name} needs an argument in brackets, as in {self.name} [...]")
        return self._text[1:-1]

    def element(self) -> int:
        return _element(self.whole(), self.name)

    def typed(self) -> Fill:
        match = re.fullmatch(
            r"\[(\d{1,9})\]\s*\[(.*?)\](?:\s*\[(?:press_enter_after=)?([01])\])?", self._text, re.DOTALL | re.ASCII
        )
        if match is None:
            raise ActionSyntaxError("type needs an element and a text: type [12] [text] [1], where 1 presses Enter")
        # WebArena presses Enter unless told otherwise.
        return Fill(int(match[1]), match[2], enter=match[3] != "0")

    def selected(self) -> Select:
        match = re.fullmatch(r"\[(\d{1,9})\]\s*\[(.*)\]", self._text, re.DOTALL | re.ASCII)
        if match is None:
            raise ActionSyntaxError("select needs an element and an option: select [12] [Blue]")
        return Select(int(match[1]), (match[2],))


_BRACKETS: dict[str, Callable[[_Brackets], Action]] = {
    "click": lambda args: Click(args.element()),
    "type": lambda args: args.typed(),
    "hover": lambda args: (args.element(), Noop())[1],
    "select": lambda args: args.selected(),
    "press": lambda args: Press(args.whole()),
    "scroll": lambda args: _direction(args.whole(), "scroll"),
    "new_tab": lambda args: NewTab(),
    "tab_focus": lambda args: FocusTab(_index(args.whole(), "tab_focus")),
    "page_focus": lambda args: FocusTab(_index(args.whole(), "page_focus")),
    "close_tab": lambda args: CloseTab(),
    "page_close": lambda args: CloseTab(),
    "goto": lambda args: Goto(args.whole()),
    "go_back": lambda args: Back(),
    "go_forward": lambda args: Forward(),
    "noop": lambda args: Noop(),
    "stop": lambda args: Stop(args.whole() if args._text else ""),
}
