"""Projects and namespaces: look-up, lists, who may see and change them, stars, forks, creation."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

PRIVATE, INTERNAL, PUBLIC = 0, 10, 20
GUEST, REPORTER, DEVELOPER, MAINTAINER, OWNER = 10, 20, 30, 40, 50
ROLE_NAMES = {GUEST: "Guest", REPORTER: "Reporter", DEVELOPER: "Developer", MAINTAINER: "Maintainer", OWNER: "Owner"}
VISIBILITY_NAMES = {PRIVATE: "Private", INTERNAL: "Internal", PUBLIC: "Public"}
_COLUMNS = (
    "p.id, p.namespace_id, p.full_path, p.path, p.name, p.namespace_name, p.description, p.visibility, p.domain, p.default_branch, "
    "p.created_at, p.updated_at, p.stars, p.forks, p.open_issues, p.open_merge_requests, p.commits, p.branches, p.tags, p.storage_kb, "
    "p.forked_from, p.archived"
)
_VISIBLE = (
    "(p.visibility = 20 OR (p.visibility = 10 AND :me > 0) OR EXISTS (SELECT 1 FROM member v WHERE v.project_id = p.id AND v.person_id = :me) "
    "OR EXISTS (SELECT 1 FROM group_member g WHERE g.namespace_id = p.namespace_id AND g.person_id = :me))"
)
SORTS = {
    "latest_activity_desc": "p.updated_at DESC, p.id DESC", "latest_activity_asc": "p.updated_at, p.id",
    "created_desc": "p.created_at DESC, p.id DESC", "created_asc": "p.created_at, p.id",
    "name_asc": "lower(p.name), p.id", "name_desc": "lower(p.name) DESC, p.id DESC", "stars_desc": "p.stars DESC, p.id",
}  # fmt: skip


class Project(NamedTuple):
    """One project. Times are seconds; ``full_path`` is its address without the leading slash."""

    id: int
    namespace_id: int
    full_path: str
    path: str
    name: str
    namespace_name: str
    description: str
    visibility: int
    domain: str
    default_branch: str
    created_at: int
    updated_at: int
    stars: int
    forks: int
    open_issues: int
    open_merge_requests: int
    commits: int
    branches: int
    tags: int
    storage_kb: int
    forked_from: int | None
    archived: int

    @property
    def url(self) -> str:
        return f"/{self.full_path}"

    @property
    def namespace_path(self) -> str:
        return self.full_path.rpartition("/")[0]

    @property
    def visibility_name(self) -> str:
        return VISIBILITY_NAMES[self.visibility]


class Listed(NamedTuple):
    """A project in a list, with the viewer's role there (0 for none)."""

    project: Project
    level: int


class Namespace(NamedTuple):
    id: int
    path: str
    name: str
    owner_id: int | None
    description: str
    visibility: int
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectQuery:
    """Which projects, in which order. ``me`` is who looks, 0 for a guest; every other field narrows the list."""

    me: int
    sort: str = "latest_activity_desc"
    text: str = ""
    visibility: int | None = None
    member: int | None = None
    owner: int | None = None
    starred_by: int | None = None
    contributed_by: int | None = None
    namespace: int | None = None
    archived: str = ""  # "" hides archived projects, "true" shows all, "only" shows nothing else
    limit: int = 20
    offset: int = 0


class Projects:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def by_path(self, full_path: str) -> Project | None:
        """In any case, as addresses are."""
        return self._one("p.full_path = ?", full_path)

    def by_id(self, project_id: int) -> Project | None:
        return self._one("p.id = ?", project_id)

    def _one(self, condition: str, value: int | str) -> Project | None:
        row = self._connection.execute(f"SELECT {_COLUMNS} FROM project p WHERE {condition}", (value,)).fetchone()
        return None if row is None else Project(*row)

    def level(self, project: Project, person_id: int | None) -> int:
        """The access level of somebody in a project, through membership or the group's; 0 for none."""
        return self._connection.execute(
            "SELECT max(coalesce((SELECT level FROM member WHERE project_id = ?1 AND person_id = ?3), 0), "
            "coalesce((SELECT level FROM group_member WHERE namespace_id = ?2 AND person_id = ?3), 0))",
            (project.id, project.namespace_id, person_id or 0),
        ).fetchone()[0]

    def readable(self, project: Project, person_id: int | None) -> bool:
        if project.visibility == PUBLIC or (project.visibility == INTERNAL and person_id):
            return True
        return self.level(project, person_id) > 0

    def list(self, query: ProjectQuery) -> tuple[int, list[Listed]]:
        """(how many in all, one page)."""
        conditions, values = _conditions(query)
        where = " AND ".join(conditions)
        count = self._connection.execute(f"SELECT count(*) FROM project p WHERE {where}", values).fetchone()[0]
        rows = self._connection.execute(
            f"SELECT {_COLUMNS}, coalesce((SELECT level FROM member m WHERE m.project_id = p.id AND m.person_id = :me), 0) FROM project p "
            f"WHERE {where} ORDER BY {SORTS.get(query.sort, SORTS['latest_activity_desc'])} LIMIT :limit OFFSET :offset",
            {**values, "limit": query.limit, "offset": query.offset},
        )
        return count, [Listed(Project(*row[:-1]), row[-1]) for row in rows]

    def count(self, query: ProjectQuery) -> int:
        conditions, values = _conditions(query)
        return self._connection.execute(
            f"SELECT count(*) FROM project p WHERE {' AND '.join(conditions)}", values
        ).fetchone()[0]

    # --- stars and forks ---

    def is_starred(self, project_id: int, person_id: int | None) -> bool:
        return (
            self._connection.execute(
                "SELECT 1 FROM star WHERE person_id = ? AND project_id = ?", (person_id, project_id)
            ).fetchone()
            is not None
        )

    def toggle_star(self, project_id: int, person_id: int, now: int) -> int:
        """Star a project, or take the star back; returns its number of stars."""
        removed = self._connection.execute(
            "DELETE FROM star WHERE person_id = ? AND project_id = ?", (person_id, project_id)
        ).rowcount
        if not removed:
            self._connection.execute("INSERT INTO star VALUES (?, ?, ?)", (person_id, project_id, now))
        self._connection.execute(
            "UPDATE project SET stars = stars + ? WHERE id = ?", (-1 if removed else 1, project_id)
        )
        return self._connection.execute("SELECT stars FROM project WHERE id = ?", (project_id,)).fetchone()[0]

    def forks(self, project_id: int, me: int) -> list[Project]:
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM project p WHERE p.forked_from = :id AND {_VISIBLE} ORDER BY p.id",
            {"id": project_id, "me": me},
        )
        return [Project(*row) for row in rows]

    # --- namespaces ---

    def namespace(self, path: str) -> Namespace | None:
        row = self._connection.execute("SELECT * FROM namespace WHERE path = ?", (path,)).fetchone()
        return None if row is None else Namespace(*row)

    def namespace_by_id(self, namespace_id: int) -> Namespace | None:
        row = self._connection.execute("SELECT * FROM namespace WHERE id = ?", (namespace_id,)).fetchone()
        return None if row is None else Namespace(*row)

    def namespaces_of(self, person_id: int) -> list[Namespace]:
        """Where somebody may create projects: the own namespace first, then groups."""
        rows = self._connection.execute(
            "SELECT n.* FROM namespace n LEFT JOIN group_member g ON g.namespace_id = n.id AND g.person_id = ?1 AND g.level >= 30 "
            "WHERE n.owner_id = ?1 OR g.person_id IS NOT NULL ORDER BY n.owner_id IS NULL, n.path",
            (person_id,),
        )
        return [Namespace(*row) for row in rows]

    def groups(
        self, me: int, *, only_mine: bool, text: str = "", limit: int = 20, offset: int = 0
    ) -> tuple[int, list[sqlite3.Row]]:
        """(how many, one page): groups with the viewer's level and the number of projects and members."""
        condition = (
            "n.owner_id IS NULL AND (n.visibility = 20 OR (n.visibility = 10 AND :me > 0) OR g.person_id IS NOT NULL)"
        )
        condition += " AND g.person_id IS NOT NULL" if only_mine else ""
        condition += " AND instr(lower(n.name || ' ' || n.path), :text)" if text else ""
        values = {"me": me, "text": text.lower(), "limit": limit, "offset": offset}
        source = f"FROM namespace n LEFT JOIN group_member g ON g.namespace_id = n.id AND g.person_id = :me WHERE {condition}"
        count = self._connection.execute(f"SELECT count(*) {source}", values).fetchone()[0]
        rows = self._connection.execute(
            "SELECT n.*, coalesce(g.level, 0) AS level, (SELECT count(*) FROM project p WHERE p.namespace_id = n.id) AS projects, "
            f"(SELECT count(*) FROM group_member x WHERE x.namespace_id = n.id) AS members {source} ORDER BY lower(n.name), n.id LIMIT :limit OFFSET :offset",
            values,
        ).fetchall()
        return count, rows

    def create_group(
        self, name: str, path: str, description: str, visibility: int, owner_id: int, now: int
    ) -> Namespace:
        cursor = self._connection.execute(
            "INSERT INTO namespace (path, name, owner_id, description, visibility, created_at) VALUES (?, ?, NULL, ?, ?, ?)",
            (path, name, description, visibility, now),
        )
        namespace_id = cursor.lastrowid
        self._connection.execute("INSERT INTO group_member VALUES (?, ?, 50, ?)", (namespace_id, owner_id, now))
        made = self.namespace_by_id(namespace_id)  # type: ignore[arg-type]
        assert made is not None
        return made

    def group_level(self, namespace_id: int, person_id: int | None) -> int:
        row = self._connection.execute(
            "SELECT level FROM group_member WHERE namespace_id = ? AND person_id = ?", (namespace_id, person_id)
        ).fetchone()
        return 0 if row is None else row[0]

    # --- changes ---

    def create(
        self,
        namespace: Namespace,
        path: str,
        name: str,
        description: str,
        visibility: int,
        domain: str,
        owner_id: int,
        now: int,
    ) -> Project:
        """An empty project with the default branch ``main``, not yet born. The path must be free."""
        cursor = self._connection.execute(
            "INSERT INTO project (namespace_id, path, full_path, name, namespace_name, description, visibility, domain, default_branch, created_at, "
            "updated_at, stars, forks, open_issues, open_merge_requests, commits, branches, tags, storage_kb, fact) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'main', ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0)",
            (
                namespace.id,
                path,
                f"{namespace.path}/{path}",
                name,
                namespace.name,
                description,
                visibility,
                domain,
                now,
                now,
            ),
        )
        self._connection.execute(
            "INSERT INTO member VALUES (?, ?, 50, ?, ?, NULL)", (cursor.lastrowid, owner_id, now, owner_id)
        )
        made = self.by_id(cursor.lastrowid)  # type: ignore[arg-type]
        assert made is not None
        return made

    def update(self, project_id: int, fields: Mapping[str, str | int]) -> None:
        """``fields`` among name, description, visibility, archived, default_branch."""
        known = {
            k: v for k, v in fields.items() if k in ("name", "description", "visibility", "archived", "default_branch")
        }
        if known:
            self._connection.execute(
                f"UPDATE project SET {', '.join(f'{k} = ?' for k in known)} WHERE id = ?", (*known.values(), project_id)
            )

    def touch(self, project_id: int, now: int) -> None:
        """Something happened in the project."""
        self._connection.execute("UPDATE project SET updated_at = ? WHERE id = ?", (now, project_id))

    def languages(self, project: Project) -> list[tuple[str, int]]:
        """(language, percent) by the extensions of the default branch's files, largest share first."""
        sizes: dict[str, int] = {}
        for path, size in self._connection.execute(
            "SELECT path, length(content) FROM file WHERE project_id = ? AND branch_id IS NULL", (project.id,)
        ):
            if language := _LANGUAGES.get(path.rpartition(".")[2]):
                sizes[language] = sizes.get(language, 0) + size
        whole = sum(sizes.values())
        return (
            [
                (name, round(100 * size / whole))
                for name, size in sorted(sizes.items(), key=lambda one: (-one[1], one[0]))
            ][:4]
            if whole
            else []
        )


_LANGUAGES = {
    "js": "JavaScript", "py": "Python", "java": "Java", "php": "PHP", "rb": "Ruby", "scss": "SCSS", "html": "HTML", "sh": "Shell",
    "gradle": "Gradle", "kt": "Kotlin", "ts": "TypeScript", "css": "CSS",
}  # fmt: skip


def _conditions(query: ProjectQuery) -> tuple[list[str], dict[str, int | str | None]]:
    conditions = [_VISIBLE]
    values: dict[str, int | str | None] = {"me": query.me}
    for number, word in enumerate(query.text.lower().split()[:8]):
        conditions.append(
            f"instr(lower(p.namespace_name || ' / ' || p.full_path || ' ' || p.name || ' ' || p.description), :word{number})"
        )
        values[f"word{number}"] = word
    if query.archived != "true":
        conditions.append("p.archived = 1" if query.archived == "only" else "p.archived = 0")
    for name, condition in (
        ("visibility", "p.visibility = :visibility"),
        ("namespace", "p.namespace_id = :namespace"),
        ("member", "(EXISTS (SELECT 1 FROM member x WHERE x.project_id = p.id AND x.person_id = :member))"),
        ("owner", "p.namespace_id = (SELECT id FROM namespace WHERE owner_id = :owner)"),
        ("starred_by", "EXISTS (SELECT 1 FROM star x WHERE x.project_id = p.id AND x.person_id = :starred_by)"),
        ("contributed_by", "p.id IN (SELECT project_id FROM event WHERE person_id = :contributed_by)"),
    ):
        if getattr(query, name) is not None:
            conditions.append(condition)
            values[name] = getattr(query, name)
    return conditions, values


__all__ = ["GUEST", "Listed", "Namespace", "Project", "ProjectQuery", "Projects"]
