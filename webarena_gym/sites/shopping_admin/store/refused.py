"""What the store says when it does not do what it is asked; the text is the admin's message."""

from __future__ import annotations


class Refused(ValueError):
    """The change was not made. ``str()`` is the message for the page."""
