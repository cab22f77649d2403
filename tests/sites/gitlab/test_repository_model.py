"""Any sequence of commits, branches and merges against plain sets of commits and dictionaries of files."""

from __future__ import annotations

from collections import Counter
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webarena_gym.sites.gitlab.store import GitLabStore
from webarena_gym.sites.gitlab.store.commits import Edit

PATH = "byteblaze/timeit"
_STEPS = st.lists(st.tuples(st.sampled_from(("commit", "commit", "branch", "merge", "merge", "delete")), st.integers(0, 9), st.integers(0, 9)), max_size=25)  # fmt: skip


class Model:
    """Branches as sets of commits and dictionaries of files; a commit is (number, author, day)."""

    def __init__(self, store: GitLabStore) -> None:
        project = store.projects.by_path(PATH)
        assert project is not None
        self.commits: dict[str, set[tuple[str, str, int]]] = {}
        self.files: dict[str, dict[str, str]] = {}
        for name in store.repository.branch_names(project):
            ref = store.repository.branch(project, name)
            assert ref is not None
            self.commits[name] = {(r.sha, r.author, r.day) for r in store.repository.history(ref, limit=1000)}
            files = ((path, store.repository.file(project, ref, path)) for path in store.repository.paths(project, ref))
            self.files[name] = {path: file.content for path, file in files if file is not None}


def _is_newer(content: str, mine: str, original: str | None) -> bool:
    """Every new file has one writer, who only ever writes larger numbers; a file of the seed is changed on one branch at most."""
    return int(content) > int(mine) if original is None else content != original


def _check(store: GitLabStore, model: Model) -> None:
    project = store.projects.by_path(PATH)
    assert project is not None
    assert set(store.repository.branch_names(project)) == set(model.commits)
    assert (project.branches, project.commits) == (len(model.commits), len(model.commits["main"]))
    rows = {branch.name: branch for branch in store.repository.branches(project)}
    for name, commits in model.commits.items():
        ref = store.repository.branch(project, name)
        assert ref is not None
        history = store.repository.history(ref, limit=1000)
        assert len(history) == store.repository.count(ref) == len(commits)
        assert Counter((r.author, r.day) for r in history) == Counter((author, day) for _, author, day in commits)
        authors = Counter(author for _, author, _ in commits)
        for author, number in authors.items():
            assert store.repository.count(ref, author=f"{author} <") == number
        assert Counter({c.name: c.commits for c in store.repository.contributors(ref)}) == authors
        days = Counter(day for *_, day in commits)
        assert store.repository.days(ref, min(days), max(days)) == days
        assert [r.at for r in history] == sorted((r.at for r in history), reverse=True)
        trunk = model.commits["main"]
        assert (rows[name].ahead, rows[name].behind) == (len(commits - trunk), len(trunk - commits))
        paths = store.repository.paths(project, ref)
        assert set(paths) == set(model.files[name])
        for path, content in model.files[name].items():
            file = store.repository.file(project, ref, path)
            assert file is not None and file.content == content, (name, path)
        for other, theirs in model.commits.items():
            base = store.repository.branch(project, other)
            assert base is not None
            assert len(store.repository.between(base, ref, limit=-1)) == len(commits - theirs)


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
def test_branches_hold_what_sets_and_dictionaries_would(world, steps):
    world.reset()
    store: GitLabStore = world.store("gitlab")
    model, numbers = Model(store), count(1)
    original = dict(model.files["main"])
    project = store.projects.by_path(PATH)
    assert project is not None
    for action, first, second in steps:
        store.tick()
        now, number = store.seconds(), next(numbers)
        names = sorted(model.commits)
        name, other = names[first % len(names)], names[second % len(names)]
        ref, other_ref = store.repository.branch(project, name), store.repository.branch(project, other)
        assert ref is not None and other_ref is not None
        day = now // 86_400
        if action == "commit":
            # A branch writes files of its own only, so that no merge has a conflict.
            path, content = f"{name.replace('/', '-')}-{second % 2}.txt", f"{number}\n"
            store.commits.commit(
                project,
                name,
                [Edit(path, content)],
                f"Commit {number}",
                name=f"Author {second % 3}",
                email="a@example.com",
                now=now,
            )
            model.commits[name].add((str(number), f"Author {second % 3}", day))
            model.files[name][path] = content
        elif action == "branch":
            store.commits.create_branch(project, f"b{number}", ref, now)
            model.commits[f"b{number}"], model.files[f"b{number}"] = set(model.commits[name]), dict(model.files[name])
        elif action == "merge" and name != other:
            store.commits.merge(
                project, other_ref, ref, f"Merge {number}", name="Merger", email="m@example.com", now=now
            )
            model.commits[name] |= model.commits[other] | {(str(number), "Merger", day)}
            for path, content in model.files[other].items():
                if path not in model.files[name] or _is_newer(content, model.files[name][path], original.get(path)):
                    model.files[name][path] = content
        elif action == "delete" and name != "main":
            store.commits.delete_branch(project, ref, now)
            del model.commits[name], model.files[name]
        project = store.projects.by_path(PATH)
        assert project is not None
    _check(store, model)
