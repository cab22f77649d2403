"""``program_html``: what pages hold after the stop.

Source: WebArena-Lite's ``HTMLContentEvaluator``. Upstream drives the policy's own browser page to each address; here pages
are fetched beside it, with the episode's cookies, so checking moves nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from ..tasks.schema import HtmlCheck
from ..types import CheckResult
from .dom import Document
from .fuzzy import FuzzyQuestion
from .helpers import Pages, gitlab_get_project_member_role, helper_locator
from .locator import parse_locator
from .string_match import alternatives, exact_match, must_include, shorten

Read = Callable[[Document], str]


def reader(locator: str) -> Read:
    """What a locator reads from a document: the whole HTML if it is empty.

    Raises:
        ValueError: the locator is outside the known grammar.
    """
    if not locator.strip():
        return lambda document: document.html
    account = helper_locator(locator)
    if account is not None:
        return lambda document: gitlab_get_project_member_role(document, account)
    return parse_locator(locator).read


class HtmlPart:
    """One page check, ready to run: its locator is parsed when it is made.

    Raises:
        ValueError: the check names an unknown helper or a locator outside the grammar.
    """

    def __init__(self, check: HtmlCheck, intent: str) -> None:
        self.check, self._intent, self._read = check, intent, reader(check.locator)

    def results(self, pages: Pages) -> list[CheckResult | FuzzyQuestion]:
        """The verdict on each required text, or the question that must be asked for it.

        Raises:
            SiteError: the site failed to show the page.
        """
        check = self.check
        document = pages.document(check.url)
        text = self._read(document)
        if check.rule == "exact_match":
            reference = str(check.references)
            return [self._result(f"is {reference!r}", exact_match(reference, text), document, text)]
        if isinstance(check.references, str):
            return [CheckResult("program_html", False, f"the reference {check.references!r} is a text, not a list")]
        if check.rule == "must_include":
            return [
                self._result(
                    f"contains {' or '.join(map(repr, choices))}",
                    any(must_include(choice, text) for choice in choices),
                    document,
                    text,
                )
                for choices in alternatives(check.references)
            ]
        return [FuzzyQuestion("page", ", ".join(check.references), text, self._intent, check.references)]

    def _result(self, wanted: str, passed: bool, document: Document, text: str) -> CheckResult:
        place = self.check.locator or "the whole page"
        found = "" if passed else f"; found {shorten(text)!r}"
        return CheckResult("program_html", passed, f"{document.url}: {place} {wanted}: {passed}{found}")
