"""The side bars: sections, what lies in them, and who sees them."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from .store.projects import Project


class Section(NamedTuple):
    """A line of a side bar. ``items`` (name, address) show only while the visitor is in the section."""

    name: str
    url: str
    items: tuple[tuple[str, str], ...] = ()
    count: int | None = None


# Sections whose pages are empty here: name -> (item, address within the project).
_EMPTY_SECTIONS: tuple[tuple[str, int, tuple[tuple[str, str], ...]], ...] = (
    ("CI/CD", 0, (("Pipelines", "-/pipelines"), ("Editor", "-/ci/editor"), ("Jobs", "-/jobs"), ("Schedules", "-/pipeline_schedules"))),
    ("Security & Compliance", 30, (("Configuration", "-/security/configuration"),)),
    ("Deployments", 0, (("Environments", "-/environments"), ("Feature Flags", "-/feature_flags"), ("Releases", "-/releases"))),
    ("Packages and registries", 0, (("Package Registry", "-/packages"), ("Infrastructure Registry", "-/infrastructure_registry"))),
    ("Infrastructure", 40, (("Kubernetes clusters", "-/clusters"), ("Terraform", "-/terraform"), ("Google Cloud", "-/google_cloud/configuration"))),
    ("Monitor", 0, (("Metrics", "-/metrics"), ("Error Tracking", "-/error_tracking"), ("Alerts", "-/alert_management"), ("Incidents", "-/incidents"))),
    ("Analytics", 0, (("Value stream", "-/value_stream_analytics"), ("CI/CD", "-/pipelines/charts"), ("Repository", "-/graphs/{branch}/charts"))),
    ("Wiki", 0, (("Wiki", "-/wikis/home"),)),
    ("Snippets", 0, (("Snippets", "-/snippets"),)),
    ("Settings", 40, (("General", "edit"), ("Integrations", "-/settings/integrations"), ("Webhooks", "-/hooks"), ("Access Tokens", "-/settings/access_tokens"),
                      ("Repository", "-/settings/repository"), ("Merge requests", "-/settings/merge_requests"), ("CI/CD", "-/settings/ci_cd"),
                      ("Packages and registries", "-/settings/packages_and_registries"), ("Monitor", "-/settings/operations"), ("Usage Quotas", "-/usage_quotas"))),
)  # fmt: skip
USER_SETTINGS = (
    ("Profile", "/-/profile"), ("Account", "/-/profile/account"), ("Applications", "/-/profile/applications"), ("Chat", "/-/profile/chat_names"),
    ("Access Tokens", "/-/profile/personal_access_tokens"), ("Emails", "/-/profile/emails"), ("Password", "/-/profile/password/edit"),
    ("Notifications", "/-/profile/notifications"), ("SSH Keys", "/-/profile/keys"), ("GPG Keys", "/-/profile/gpg_keys"),
    ("Preferences", "/-/profile/preferences"), ("Active Sessions", "/-/profile/active_sessions"), ("Authentication log", "/-/profile/audit_log"),
)  # fmt: skip


def project_sections(project: Project, level: int, signed_in: bool) -> list[Section]:
    """The project's side bar as somebody with this access level sees it."""
    base, branch = project.url, quote(project.default_branch, safe="/")
    sections = [
        Section("Project information", f"{base}/activity", (
            ("Activity", f"{base}/activity"), ("Labels", f"{base}/-/labels"), ("Members", f"{base}/-/project_members"))),
        Section("Repository", f"{base}/-/tree/{branch}", (
            ("Files", f"{base}/-/tree/{branch}"), ("Commits", f"{base}/-/commits/{branch}"), ("Branches", f"{base}/-/branches"),
            ("Tags", f"{base}/-/tags"), ("Contributors", f"{base}/-/graphs/{branch}"), ("Graph", f"{base}/-/network/{branch}"),
            ("Compare", f"{base}/-/compare?from={branch}&to={branch}"))),
        Section("Issues", f"{base}/-/issues", (
            ("Issues", f"{base}/-/issues"), ("Boards", f"{base}/-/boards"), ("Service Desk", f"{base}/-/issues/service_desk"),
            ("Milestones", f"{base}/-/milestones")), project.open_issues),
        Section("Merge requests", f"{base}/-/merge_requests", (), project.open_merge_requests),
    ]  # fmt: skip
    for name, least, items in _EMPTY_SECTIONS:
        if level >= least:
            placed = tuple((item, f"{base}/{path.format(branch=branch)}") for item, path in items)
            sections.append(Section(name, placed[0][1], placed if len(placed) > 1 else ()))
    return sections


def group_sections(path: str, level: int) -> list[Section]:
    base = f"/groups/{path}"
    return [
        Section("Group information", f"{base}/-/activity", (
            ("Activity", f"{base}/-/activity"), ("Members", f"{base}/-/group_members"))),
        Section("Issues", f"{base}/-/issues"),
        Section("Merge requests", f"{base}/-/merge_requests"),
    ]  # fmt: skip
