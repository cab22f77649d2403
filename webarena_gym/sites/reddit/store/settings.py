"""A user's preferences: which there are, what they may be, and what they are at first."""

from __future__ import annotations

from collections.abc import Mapping

SORTS = ("hot", "new", "active", "top", "controversial", "most_commented")
TIMES = {"hour": 1, "day": 24, "week": 168, "month": 720, "year": 8760, "all": None}  # hours back

# Name of the form's field -> value of each option and its label.
CHOICES: dict[str, dict[str, str]] = {
    "locale": {
        "de": "Deutsch", "el": "Ελληνικά", "en": "English", "en_GB": "English (United Kingdom)", "es": "español",
        "eo": "esperanto", "fr": "français", "it": "italiano", "nl": "Nederlands", "nb": "Norwegian Bokmål",
        "pt_BR": "português (Brasil)", "fi": "suomi", "ko": "한국어",
    },
    "filterBy": {"featured": "Featured", "subscribed": "Subscribed", "all": "All", "moderated": "Moderated"},
    "sortBy": {"hot": "Hot", "new": "New", "active": "Active"},
    "submissionLinkDestination": {"url": "Open the linked content", "submission": "Open the submission"},
    "nightMode": {"auto": "System preference", "light": "Light", "dark": "Dark"},
    "preferredTheme": {"": "(default)", "postmill": "Postmill", "classic": "Postmill Classic"},
}  # fmt: skip
SWITCHES = (
    "openExternalLinksInNewTab", "showThumbnails", "autoFetchSubmissionTitles", "enablePostPreviews", "notifyOnReply",
    "notifyOnMentions", "allowPrivateMessages", "showCustomStylesheets", "fullWidthDisplayEnabled", "poppersEnabled",
)  # fmt: skip
DEFAULT_SETTINGS: Mapping[str, str | bool] = {
    "locale": "en", "timezone": "America/New_York", "filterBy": "subscribed", "sortBy": "hot",
    "submissionLinkDestination": "url", "nightMode": "light", "preferredTheme": "", "preferredFonts": "",
    "openExternalLinksInNewTab": False, "showThumbnails": True, "autoFetchSubmissionTitles": True,
    "enablePostPreviews": True, "notifyOnReply": True, "notifyOnMentions": True, "allowPrivateMessages": True,
    "showCustomStylesheets": True, "fullWidthDisplayEnabled": False, "poppersEnabled": True,
}  # fmt: skip
