"""What of a text's HTML the storefront shows as such; all else is shown as the text it is.

The real storefront trusts what the admin saves. Here a text may come from anybody, so a few tags without attributes are
kept, in balance, and the rest is escaped: readable, and inert.
"""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_BLOCKS = frozenset({"p", "ul", "ol", "li", "h2", "h3", "h4", "blockquote"})
_INLINE = frozenset({"strong", "em", "b", "i", "u"})
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,10})\s*(/?)>")


def safe_html(text: str) -> Markup:
    """
    >>> safe_html("<p>1 <b>big</b> hug</p><script>x()</script><li onclick=y>z")
    Markup('<p>1 <b>big</b> hug</p>&lt;script&gt;x()&lt;/script&gt;&lt;li onclick=y&gt;z')
    >>> safe_html("<ul><li>open</ul> & on</p>")
    Markup('<ul><li>open</li></ul> &amp; on')
    """
    parts: list[str] = []
    opened: list[str] = []
    end = 0
    for match in _TAG.finditer(text):
        tag = match[2].lower()
        if tag not in _BLOCKS and tag not in _INLINE and tag != "br":
            continue
        parts.append(str(escape(text[end : match.start()])))
        end = match.end()
        if tag == "br":
            parts.append("<br>")
        elif not match[1]:
            if tag == "p" or (tag == "li" and "li" in opened and opened[-1] not in ("ul", "ol")):
                _close(parts, opened, "p" if tag == "p" else "li")
            parts.append(f"<{tag}>")
            opened.append(tag)
        elif tag in opened:
            _close(parts, opened, tag)
    parts.append(str(escape(text[end:])))
    parts += [f"</{tag}>" for tag in reversed(opened)]
    return Markup("".join(parts))


def _close(parts: list[str], opened: list[str], tag: str) -> None:
    """Close everything down to the last ``tag`` that is open, if one is."""
    if tag in opened:
        while (last := opened.pop()) != tag:
            parts.append(f"</{last}>")
        parts.append(f"</{tag}>")
