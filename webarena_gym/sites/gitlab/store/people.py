"""People: profiles, status, who follows whom, search."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

_COLUMNS = (
    "id, username, name, email, bio, location, organization, job_title, pronouns, website, linkedin, twitter, created_at, "
    "status_emoji, status_message, busy, status_clears_at, feed_token"
)
PROFILE_FIELDS = (
    "name",
    "pronouns",
    "email",
    "website",
    "linkedin",
    "twitter",
    "location",
    "job_title",
    "organization",
    "bio",
)


class Person(NamedTuple):
    """One account. ``created_at`` and ``status_clears_at`` are seconds."""

    id: int
    username: str
    name: str
    email: str
    bio: str
    location: str
    organization: str
    job_title: str
    pronouns: str
    website: str
    linkedin: str
    twitter: str
    created_at: int
    status_emoji: str
    status_message: str
    busy: int
    status_clears_at: int | None
    feed_token: str

    @property
    def has_status(self) -> bool:
        return bool(self.status_emoji or self.status_message or self.busy)


class People:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def by_id(self, person_id: int) -> Person | None:
        return self._one("id = ?", person_id)

    def by_username(self, username: str) -> Person | None:
        """In any case, as addresses are."""
        return self._one("username = ?", username)

    def by_login(self, login: str, password: str) -> Person | None:
        """Who signs in with this username or email address."""
        row = self._connection.execute(
            f"SELECT {_COLUMNS} FROM person WHERE (username = ? OR email = ?) AND password = ? AND password <> ''", (login, login, password)
        ).fetchone()  # fmt: skip
        return None if row is None else Person(*row)

    def by_email(self, email: str) -> Person | None:
        return self._one("email = ?", email)

    def _one(self, condition: str, value: int | str) -> Person | None:
        row = self._connection.execute(f"SELECT {_COLUMNS} FROM person WHERE {condition}", (value,)).fetchone()
        return None if row is None else Person(*row)

    def search(self, text: str, limit: int, offset: int = 0) -> tuple[int, list[Person]]:
        """(how many, one page): every word occurs in name or username as it is spelled; an exact username comes first."""
        words = text.split()[:8]
        if not words:
            return 0, []
        condition = " AND ".join("(instr(lower(name), ?) OR instr(lower(username), ?))" for _ in words)
        values = [word.lower() for word in words for _ in range(2)]
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM person WHERE {condition} ORDER BY username <> ?, name, id LIMIT ? OFFSET ?",
            (*values, text.strip(), limit, offset),
        ).fetchall()
        count = self._connection.execute(f"SELECT count(*) FROM person WHERE {condition}", values).fetchone()[0]
        return count, [Person(*row) for row in rows]

    def update_profile(self, person_id: int, fields: Mapping[str, str]) -> None:
        """Only ``PROFILE_FIELDS`` are changed."""
        known = {name: value for name, value in fields.items() if name in PROFILE_FIELDS}
        if known:
            self._connection.execute(
                f"UPDATE person SET {', '.join(f'{name} = ?' for name in known)} WHERE id = ?",
                (*known.values(), person_id),
            )
        if "name" in known:  # a person's namespace is called like the person
            self._connection.execute("UPDATE namespace SET name = ? WHERE owner_id = ?", (known["name"], person_id))
            self._connection.execute(
                "UPDATE project SET namespace_name = ? WHERE namespace_id = (SELECT id FROM namespace WHERE owner_id = ?)", (known["name"], person_id)
            )  # fmt: skip

    def set_status(self, person_id: int, emoji: str, message: str, *, busy: bool, clears_at: int | None) -> None:
        self._connection.execute(
            "UPDATE person SET status_emoji = ?, status_message = ?, busy = ?, status_clears_at = ? WHERE id = ?",
            (emoji, message, busy, clears_at, person_id),
        )

    def set_password(self, person_id: int, password: str) -> None:
        self._connection.execute("UPDATE person SET password = ? WHERE id = ?", (password, person_id))

    def has_password(self, person_id: int, password: str) -> bool:
        return (
            self._connection.execute(
                "SELECT 1 FROM person WHERE id = ? AND password = ?", (person_id, password)
            ).fetchone()
            is not None
        )

    def set_username(self, person_id: int, username: str) -> None:
        """Also moves the person's namespace and the projects in it."""
        self._connection.execute("UPDATE person SET username = ? WHERE id = ?", (username, person_id))
        self._connection.execute("UPDATE namespace SET path = ? WHERE owner_id = ?", (username, person_id))
        self._connection.execute(
            "UPDATE project SET full_path = ? || '/' || path WHERE namespace_id = (SELECT id FROM namespace WHERE owner_id = ?)", (username, person_id)
        )  # fmt: skip

    def setting(self, person_id: int, name: str, default: str = "") -> str:
        row = self._connection.execute(
            "SELECT json_extract(settings, '$.' || ?) FROM person WHERE id = ?", (name, person_id)
        ).fetchone()
        return default if row is None or row[0] is None else str(row[0])

    def set_setting(self, person_id: int, name: str, value: str) -> None:
        """``name`` is one of the site's own words, never a visitor's."""
        self._connection.execute(
            "UPDATE person SET settings = json_set(settings, '$.' || ?, ?) WHERE id = ?", (name, value, person_id)
        )

    # --- following ---

    def follows(self, follower_id: int | None, followed_id: int) -> bool:
        row = self._connection.execute(
            "SELECT 1 FROM follow WHERE follower_id = ? AND followed_id = ?", (follower_id, followed_id)
        ).fetchone()
        return row is not None

    def follow(self, follower_id: int, followed_id: int) -> None:
        self._connection.execute("INSERT OR IGNORE INTO follow VALUES (?, ?)", (follower_id, followed_id))

    def unfollow(self, follower_id: int, followed_id: int) -> None:
        self._connection.execute(
            "DELETE FROM follow WHERE follower_id = ? AND followed_id = ?", (follower_id, followed_id)
        )

    def follow_counts(self, person_id: int) -> tuple[int, int]:
        """(followers, following)."""
        return tuple(
            self._connection.execute(
                "SELECT (SELECT count(*) FROM follow WHERE followed_id = ?1), (SELECT count(*) FROM follow WHERE follower_id = ?1)",
                (person_id,),
            ).fetchone()
        )  # type: ignore[return-value]

    def followers(self, person_id: int) -> list[Person]:
        return self._joined("JOIN follow f ON f.follower_id = person.id WHERE f.followed_id = ?", person_id)

    def following(self, person_id: int) -> list[Person]:
        return self._joined("JOIN follow f ON f.followed_id = person.id WHERE f.follower_id = ?", person_id)

    def starrers(self, project_id: int) -> list[Person]:
        return self._joined("JOIN star s ON s.person_id = person.id WHERE s.project_id = ?", project_id)

    def _joined(self, join: str, value: int) -> list[Person]:
        columns = ", ".join(f"person.{column}" for column in _COLUMNS.split(", "))
        rows = self._connection.execute(
            f"SELECT {columns} FROM person {join} ORDER BY person.name, person.id LIMIT 100", (value,)
        )
        return [Person(*row) for row in rows]
