"""Sections of a project that are empty here, and the snippets that anybody may write."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, request

from ..markdown import render
from ..store import GitLabStore
from ..store.people import Person
from .common import (
    Here,
    first_problem,
    for_members_of_the_site,
    in_project,
    long_field,
    not_found,
    page,
    text_field,
    to,
    to_int,
    visitor,
)
from .references import references_of
from .repository import clean_path

# Address within the project: section, item, what the page says.
EMPTY: dict[str, tuple[str, str, str]] = {
    "-/pipelines": ("CI/CD", "Pipelines", "There are currently no pipelines."),
    "-/ci/editor": (
        "CI/CD",
        "Editor",
        "Optimize your workflow with CI/CD Pipelines. This project has no pipeline configuration.",
    ),
    "-/jobs": ("CI/CD", "Jobs", "There are no jobs to show."),
    "-/pipeline_schedules": ("CI/CD", "Schedules", "No schedules."),
    "-/security/configuration": ("Security & Compliance", "Configuration", "No security tool is configured."),
    "-/environments": ("Deployments", "Environments", "You don't have any environments right now."),
    "-/feature_flags": ("Deployments", "Feature Flags", "There are no feature flags yet."),
    "-/packages": ("Packages and registries", "Package Registry", "There are no packages yet."),
    "-/infrastructure_registry": (
        "Packages and registries",
        "Infrastructure Registry",
        "You have no Terraform modules in your project.",
    ),
    "-/clusters": ("Infrastructure", "Kubernetes clusters", "No cluster is connected."),
    "-/terraform": ("Infrastructure", "Terraform", "Your project doesn't have any Terraform state files."),
    "-/google_cloud/configuration": ("Infrastructure", "Google Cloud", "Nothing is configured."),
    "-/metrics": ("Monitor", "Metrics", "There are no metrics for this project."),
    "-/error_tracking": ("Monitor", "Error Tracking", "Error tracking is not enabled."),
    "-/alert_management": ("Monitor", "Alerts", "No alerts to display."),
    "-/incidents": ("Monitor", "Incidents", "There are no incidents."),
    "-/value_stream_analytics": ("Analytics", "Value stream", "There is not enough data to show."),
    "-/pipelines/charts": ("Analytics", "CI/CD", "There are no pipelines to chart."),
    "-/wikis/home": ("Wiki", "Wiki", "This project has no wiki pages."),
    "-/snippets": ("Snippets", "Snippets", "There are no snippets in this project."),
    "-/settings/integrations": ("Settings", "Integrations", "No integration is active."),
    "-/hooks": ("Settings", "Webhooks", "No webhooks enabled."),
    "-/settings/access_tokens": ("Settings", "Access Tokens", "This project has no active access tokens."),
    "-/settings/repository": (
        "Settings",
        "Repository",
        "Default branch, protected branches and mirroring are set when the project is created.",
    ),
    "-/settings/merge_requests": ("Settings", "Merge requests", "Merge commits are used to bring branches together."),
    "-/settings/ci_cd": ("Settings", "CI/CD", "No runner is assigned to this project."),
    "-/settings/packages_and_registries": ("Settings", "Packages and registries", "Nothing is kept in the registries."),
    "-/settings/operations": ("Settings", "Monitor", "Nothing is monitored."),
    "-/usage_quotas": ("Settings", "Usage Quotas", "Storage used by this project:"),
}
_ADMIN_SECTIONS = {"Settings": 40, "Infrastructure": 40, "Security & Compliance": 30}


def empty_section(path: str) -> Callable[..., Response]:
    """The handler of one of these addresses."""

    @in_project()
    def empty(store: GitLabStore, here: Here) -> Response:
        return _empty(store, here, path)

    return empty


def _empty(store: GitLabStore, here: Here, path: str) -> Response:
    """A section that has nothing to show."""
    section, item, text = EMPTY[path]
    if here.level < _ADMIN_SECTIONS.get(section, 0) and path != "-/usage_quotas":
        return not_found(store)
    if path == "-/usage_quotas":
        text = f"{text} {here.project.storage_kb} KB"
    return page(
        store,
        "empty.html",
        here=here,
        section=section,
        item=item,
        title=f"{item} · {here.project.namespace_name} / {here.project.name}",
        heading=item,
        text=text,
    )


@in_project()
def releases(store: GitLabStore, here: Here) -> Response:
    """GET /-/releases: one for each tag."""
    rows = store.repository.tags(here.project)
    return page(
        store, "releases.html", here=here, section="Deployments", item="Releases", title=f"Releases · {here.project.namespace_name} / {here.project.name}", rows=rows,
    )  # fmt: skip


@in_project()
def charts(store: GitLabStore, here: Here, ref_name: str) -> Response:
    """GET /-/graphs/<ref>/charts: languages of the default branch."""
    return page(
        store, "charts.html", here=here, section="Analytics", item="Repository", title=f"Repository Analytics · {here.project.namespace_name} / {here.project.name}",
        languages=store.projects.languages(here.project),
    )  # fmt: skip


# --- snippets ---


@for_members_of_the_site
def my_snippets(store: GitLabStore, person: Person) -> Response:
    """GET /dashboard/snippets."""
    return page(
        store, "snippets.html", title="Snippets · Dashboard", rows=store.activity.snippets(person.id, person.id)
    )


@for_members_of_the_site
def new_snippet(store: GitLabStore, person: Person) -> Response:
    """GET /-/snippets/new."""
    return page(store, "snippet_form.html", title="New Snippet")


@for_members_of_the_site
def create_snippet(store: GitLabStore, person: Person) -> Response:
    """POST /-/snippets."""
    title, content = text_field("snippet[title]"), long_field("snippet[content]")
    problem = first_problem((not title, "Title can't be blank"), (not content, "Content can't be blank"))
    if problem:
        return to(store, "/-/snippets/new", problem, "alert")
    level = to_int(request.form.get("snippet[visibility_level]"), 0)
    snippet_id = store.activity.create_snippet(
        person.id, title, long_field("snippet[description]"), clean_path(request.form.get("snippet[file_name]", "")) or "snippetfile1.txt", content,
        level if level in (0, 10, 20) else 0, store.seconds(),
    )  # fmt: skip
    return to(store, f"/-/snippets/{snippet_id}")


def snippet(store: GitLabStore, snippet_id: int) -> Response:
    """GET /-/snippets/<id>."""
    row = store.activity.snippet(snippet_id, visitor(store).id or 0)
    if row is None:
        return not_found(store)
    return page(
        store,
        "snippet.html",
        title=f"{row['title']} (${snippet_id}) · Snippets",
        s=row,
        description=render(row["description"], references_of(store)),
    )


@for_members_of_the_site
def my_milestones(store: GitLabStore, person: Person) -> Response:
    """GET /dashboard/milestones: of one's own projects."""
    rows = store.connection.execute(
        "SELECT m.title, m.open, m.due_on, '/' || p.full_path || '/-/milestones/' || m.iid AS url, p.full_path FROM milestone m JOIN project p ON p.id = m.project_id "
        "JOIN member x ON x.project_id = p.id AND x.person_id = ? ORDER BY m.due_on IS NULL, m.due_on, m.id LIMIT 100",
        (person.id,),
    ).fetchall()
    return page(store, "my_milestones.html", title="Milestones · Dashboard", rows=rows)
