"""Creating projects: blank, from a template, by import."""

from __future__ import annotations

import re
from random import Random
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Response, request

from ....types import NetworkEvent
from ...base import hide_request, record, see_other
from ..seeding.facts import read_json
from ..seeding.texts import Phrases, file_content
from ..store import GitLabStore
from ..store.commits import Edit
from ..store.people import Person
from ..store.projects import Namespace, Project
from .common import (
    ORIGIN,
    argument,
    first_problem,
    for_members_of_the_site,
    long_field,
    page,
    script_call,
    text_field,
    to,
    to_int,
)

_PATH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}", re.ASCII)
_SLUG_OTHER = re.compile(r"[^a-z0-9_.-]+")
_LEVELS = {0: "private", 10: "internal", 20: "public"}
_PANELS = {
    "blank_project": "Create blank project",
    "create_from_template": "Create from template",
    "import_project": "Import project",
}


class Template(NamedTuple):
    """One built-in template: its name, what it says, and what kind of files it has."""

    name: str
    about: str
    domain: str


TEMPLATES = {
    "rails": Template("Ruby on Rails", "An MVC structure with a Gemfile and a Rakefile", "ruby"),
    "spring": Template("Spring", "An MVC structure with mvnw and pom.xml", "java"),
    "express": Template("NodeJS Express", "An MVC structure for Node", "js"),
    "iosswift": Template("iOS (Swift)", "Ready to go for Swift apps", "js"),
    "dotnetcore": Template(".NET Core", "A console application", "java"),
    "android": Template("Android", "Ready to go for Android apps", "android"),
    "gomicro": Template("Go Micro", "A framework for micro services", "java"),
    "bridgetown": Template("Pages/Bridgetown", "A Bridgetown site with Pages", "web"),
    "gatsby": Template("Pages/Gatsby", "A Gatsby site with Pages", "web"),
    "hugo": Template("Pages/Hugo", "A Hugo site with Pages", "web"),
    "jekyll": Template("Pages/Jekyll", "A Jekyll site with Pages", "web"),
    "plainhtml": Template("Pages/Plain HTML", "A plain HTML site with Pages", "web"),
    "gitbook": Template("Pages/GitBook", "A book with Pages", "docs"),
    "hexo": Template("Pages/Hexo", "A Hexo site with Pages", "web"),
    "sse_middleman": Template("Static Site Editor/Middleman", "A Middleman site with an editor", "web"),
    "nfhugo": Template("Netlify/Hugo", "A Hugo site that Netlify builds", "web"),
    "serverless_framework": Template("Serverless Framework/JS", "Functions without a server", "js"),
    "tencent_serverless_framework": Template("Tencent Serverless Framework/NextjsSSR", "A Next.js page without a server", "js"),
    "cluster_management": Template("GitLab Cluster Management", "Applications of a cluster", "shell"),
    "kotlin_native_linux": Template("Kotlin Native Linux", "A command line application", "java"),
    "pelican": Template("Pages/Pelican", "A Pelican site with Pages", "python"),
}  # fmt: skip


def is_path(text: str) -> bool:
    """Whether a project or a group may have this path.

    >>> is_path("awesome_llm"), is_path("-x"), is_path("a/b"), is_path("x.git")
    (True, False, False, False)
    """
    return bool(_PATH.fullmatch(text)) and not text.endswith((".git", ".atom", "."))


def slug_of(name: str) -> str:
    """The path that a project's name becomes.

    >>> slug_of("Do it myself"), slug_of("awesome_llm_reading"), slug_of("Ünï!")
    ('do-it-myself', 'awesome_llm_reading', 'n')
    """
    return _SLUG_OTHER.sub("-", name.strip().lower()).strip("-")[:100]


@for_members_of_the_site
def new(store: GitLabStore, person: Person) -> Response:
    """GET /projects/new; ?panel= chooses what the real page's fragment does."""
    panel = argument("panel")
    title = _PANELS.get(panel, "New Project")
    namespaces = store.projects.namespaces_of(person.id)
    wanted = to_int(argument("namespace_id"))
    context: dict[str, Any] = {
        "namespaces": namespaces, "namespace_id": wanted if wanted in {n.id for n in namespaces} else namespaces[0].id, "panels": _PANELS, "given": _given(),
    }  # fmt: skip
    if panel == "create_from_template" and argument("template") not in TEMPLATES:
        return page(store, "new_template.html", title=title, templates=TEMPLATES, **context)
    if panel in ("blank_project", "create_from_template"):
        key = argument("template") if panel == "create_from_template" else ""
        return page(
            store,
            "new_form.html",
            title=title,
            panel=panel,
            heading=title,
            template=TEMPLATES.get(key),
            template_key=key,
            **context,
        )
    if panel == "import_project":
        return page(store, "new_import.html", title=title, **context)
    return page(store, "new_project.html", title="New Project · GitLab", **context)


def _given() -> dict[str, str]:
    return {name: argument(name, 2000) for name in ("name", "path", "description")}


@for_members_of_the_site
def create(store: GitLabStore, person: Person) -> Response:
    """POST /projects. An empty slug becomes the one that the real page's script derives from the name."""
    name, level = text_field("project[name]"), to_int(request.form.get("project[visibility_level]"), 0)
    path, key = text_field("project[path]", 100) or slug_of(name), text_field("project[template_name]", 60)
    description, template = long_field("project[description]")[:2000], TEMPLATES.get(key)
    allowed = {namespace.id: namespace for namespace in store.projects.namespaces_of(person.id)}
    namespace = allowed.get(to_int(request.form.get("project[namespace_id]")))
    problem = first_problem(
        (not name, "Project name can't be blank"),
        (namespace is None, "Pick a group or namespace where you want to create this project."),
        (
            not is_path(path),
            "Path can contain only letters, digits, '_', '-' and '.'. Cannot start with '-', end in '.git' or end in '.atom'",
        ),
    )
    if namespace is not None and not problem and store.projects.by_path(f"{namespace.path}/{path}") is not None:
        problem = "Project namespace path has already been taken"
    if problem or namespace is None:
        return to(
            store,
            f"{_form_address(key)}&{urlencode({'name': name, 'path': text_field('project[path]', 100)})}",
            problem,
            "alert",
        )
    level = level if level in _LEVELS else 0
    now = store.seconds()
    made = store.projects.create(
        namespace, path, name, description, level, template.domain if template else "docs", person.id, now
    )
    store.tickets.log(person.id, made.id, "created", None, now)
    if template is not None:
        _fill_from_template(store, made, template, person, now)
    elif request.form.getlist("project[initialize_with_readme]")[-1:] == ["1"]:
        readme = f"# {name}\n\n{description or 'Say here what this project is for.'}\n"
        store.commits.commit(
            made,
            made.default_branch,
            [Edit("README.md", readme)],
            "Initial commit",
            name=person.name,
            email=person.email,
            now=now,
        )
        store.tickets.log(person.id, made.id, "pushed", None, now, f"{made.default_branch}\nInitial commit")
    _record_creation(made, namespace, level, key, template)
    return to(store, made.url, f"Project '{name}' was successfully created.")


def _form_address(template: str) -> str:
    return (
        f"/projects/new?panel=create_from_template&template={template}"
        if template in TEMPLATES
        else "/projects/new?panel=blank_project"
    )


def _fill_from_template(store: GitLabStore, made: Project, template: Template, person: Person, now: int) -> None:
    words = read_json("words.json")
    phrases = Phrases(Random(f"gitlab/template/{template.name}"), words, template.domain)
    edits = [
        Edit(path, file_content(phrases, path, made.name, template.about))
        for path in words["domains"][template.domain]["files"]
    ]
    message = f"Initialized from '{template.name}' project template"
    store.commits.commit(made, made.default_branch, edits, message, name=person.name, email=person.email, now=now)
    store.tickets.log(person.id, made.id, "pushed", None, now, f"{made.default_branch}\n{message}")


def _record_creation(made: Project, namespace: Namespace, level: int, key: str, template: Template | None) -> None:
    """The form as the real page posts it, slug included; from a template also by the interface that other clients use."""
    hide_request()
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in ("project[path]", "project[initialize_with_readme]")
    ]
    fields += [("project[path]", made.path)]
    ticked = request.form.getlist("project[initialize_with_readme]")
    fields += [("project[initialize_with_readme]", ticked[-1])] if ticked else []
    record(
        NetworkEvent(
            method="POST", url=f"{ORIGIN}/projects", status=302, body=urlencode(fields), content_type="application/x-www-form-urlencoded",
            headers=(("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), ("referer", request.headers.get("Referer", f"{ORIGIN}/projects/new"))),
            response_headers=(("Location", f"{ORIGIN}{made.url}"),),
        )
    )  # fmt: skip
    if template is not None:
        body = {
            "name": made.name,
            "path": made.path,
            "namespace_id": namespace.id,
            "visibility": _LEVELS[level],
            "template_name": key,
        }
        script_call(
            "POST",
            "/api/v4/projects",
            status=201,
            body=body,
            answer={"id": made.id, "path_with_namespace": made.full_path},
        )


@for_members_of_the_site
def import_by_url(store: GitLabStore, person: Person) -> Response:
    """POST /import/url: this server reaches no other."""
    return to(
        store,
        "/projects/new?panel=import_project",
        "The repository could not be imported: this server has no access to the network.",
        "alert",
    )


def old_address(store: GitLabStore) -> Response:
    """GET /projects: the list of one's own projects."""
    return see_other("/dashboard/projects")
