-- Times are seconds since 1970, UTC. Counts in project and issuable are kept by the store; tests compare them with the rows.
CREATE TABLE person (
  id INTEGER PRIMARY KEY, username TEXT NOT NULL UNIQUE COLLATE NOCASE, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE COLLATE NOCASE,
  password TEXT NOT NULL, bio TEXT NOT NULL, location TEXT NOT NULL, organization TEXT NOT NULL, job_title TEXT NOT NULL,
  pronouns TEXT NOT NULL, website TEXT NOT NULL, linkedin TEXT NOT NULL, twitter TEXT NOT NULL, created_at INTEGER NOT NULL,
  status_emoji TEXT NOT NULL DEFAULT '', status_message TEXT NOT NULL DEFAULT '', busy INTEGER NOT NULL DEFAULT 0,
  status_clears_at INTEGER, feed_token TEXT NOT NULL, settings TEXT NOT NULL DEFAULT '{}');
CREATE TABLE namespace (
  id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE COLLATE NOCASE, name TEXT NOT NULL, owner_id INTEGER, description TEXT NOT NULL,
  visibility INTEGER NOT NULL, created_at INTEGER NOT NULL);
CREATE INDEX namespace_owner ON namespace (owner_id);
CREATE TABLE project (
  id INTEGER PRIMARY KEY, namespace_id INTEGER NOT NULL, path TEXT NOT NULL COLLATE NOCASE, full_path TEXT NOT NULL UNIQUE COLLATE NOCASE,
  name TEXT NOT NULL, namespace_name TEXT NOT NULL, description TEXT NOT NULL, visibility INTEGER NOT NULL, domain TEXT NOT NULL,
  default_branch TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, stars INTEGER NOT NULL, forks INTEGER NOT NULL,
  open_issues INTEGER NOT NULL, open_merge_requests INTEGER NOT NULL, commits INTEGER NOT NULL, branches INTEGER NOT NULL,
  tags INTEGER NOT NULL, storage_kb INTEGER NOT NULL, forked_from INTEGER, archived INTEGER NOT NULL DEFAULT 0, fact INTEGER NOT NULL);
CREATE INDEX project_namespace ON project (namespace_id);
CREATE INDEX project_stars ON project (stars DESC, id);
CREATE TABLE member (
  project_id INTEGER NOT NULL, person_id INTEGER NOT NULL, level INTEGER NOT NULL, created_at INTEGER NOT NULL, created_by INTEGER,
  expires_on TEXT, PRIMARY KEY (project_id, person_id)) WITHOUT ROWID;
CREATE INDEX member_person ON member (person_id, project_id);
CREATE TABLE group_member (
  namespace_id INTEGER NOT NULL, person_id INTEGER NOT NULL, level INTEGER NOT NULL, created_at INTEGER NOT NULL,
  PRIMARY KEY (namespace_id, person_id)) WITHOUT ROWID;
CREATE INDEX group_member_person ON group_member (person_id);
CREATE TABLE invitation (
  id INTEGER PRIMARY KEY, project_id INTEGER NOT NULL, email TEXT NOT NULL COLLATE NOCASE, level INTEGER NOT NULL, created_at INTEGER NOT NULL,
  expires_on TEXT, UNIQUE (project_id, email));
CREATE TABLE star (person_id INTEGER NOT NULL, project_id INTEGER NOT NULL, created_at INTEGER NOT NULL, PRIMARY KEY (person_id, project_id)) WITHOUT ROWID;
CREATE INDEX star_project ON star (project_id, person_id);
CREATE TABLE follow (follower_id INTEGER NOT NULL, followed_id INTEGER NOT NULL, PRIMARY KEY (follower_id, followed_id)) WITHOUT ROWID;
CREATE INDEX follow_followed ON follow (followed_id, follower_id);

-- A branch is the default branch's history up to base_seq, then its own commits. seq counts from 1 along a branch's whole history.
CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, UNIQUE (name, email));
CREATE TABLE branch (
  id INTEGER PRIMARY KEY, project_id INTEGER NOT NULL, name TEXT NOT NULL, base_seq INTEGER NOT NULL, head_seq INTEGER NOT NULL,
  protected INTEGER NOT NULL, updated_at INTEGER NOT NULL, UNIQUE (project_id, name));
CREATE TABLE revision (
  id INTEGER PRIMARY KEY, branch_id INTEGER NOT NULL, seq INTEGER NOT NULL, sha TEXT NOT NULL, author_id INTEGER NOT NULL,
  title TEXT NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL, UNIQUE (branch_id, seq));
CREATE INDEX revision_author ON revision (branch_id, author_id, at);
CREATE INDEX revision_at ON revision (branch_id, at, seq);
CREATE INDEX revision_sha ON revision (sha);
CREATE TABLE tag (id INTEGER PRIMARY KEY, project_id INTEGER NOT NULL, name TEXT NOT NULL, revision_id INTEGER NOT NULL, message TEXT NOT NULL, UNIQUE (project_id, name));
-- The files of a project's default branch have branch_id NULL; rows of another branch say where it differs (NULL content: not there).
CREATE TABLE file (
  id INTEGER PRIMARY KEY, project_id INTEGER NOT NULL, branch_id INTEGER, path TEXT NOT NULL, content TEXT, revision_id INTEGER NOT NULL);
CREATE UNIQUE INDEX file_path ON file (project_id, coalesce(branch_id, 0), path);
CREATE TABLE change (
  id INTEGER PRIMARY KEY, revision_id INTEGER NOT NULL, path TEXT NOT NULL, before TEXT, after TEXT);
CREATE INDEX change_revision ON change (revision_id, id);
CREATE TABLE draft (
  id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, project_id INTEGER NOT NULL, branch TEXT NOT NULL, path TEXT NOT NULL, content TEXT,
  UNIQUE (person_id, project_id, branch, path));

CREATE TABLE label (id INTEGER PRIMARY KEY, project_id INTEGER NOT NULL, name TEXT NOT NULL COLLATE NOCASE, description TEXT NOT NULL, color TEXT NOT NULL, UNIQUE (project_id, name));
CREATE TABLE milestone (
  id INTEGER PRIMARY KEY, project_id INTEGER NOT NULL, iid INTEGER NOT NULL, title TEXT NOT NULL, description TEXT NOT NULL, open INTEGER NOT NULL,
  start_on TEXT, due_on TEXT, UNIQUE (project_id, iid));
-- Issues (kind 0) and merge requests (kind 1). target_id is the id that addresses name, iid the number within the project.
CREATE TABLE issuable (
  id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, target_id INTEGER NOT NULL, project_id INTEGER NOT NULL, iid INTEGER NOT NULL,
  title TEXT NOT NULL, description TEXT NOT NULL, author_id INTEGER NOT NULL, state TEXT NOT NULL, created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL, closed_at INTEGER, closed_by INTEGER, milestone_id INTEGER, due_on TEXT, confidential INTEGER NOT NULL DEFAULT 0,
  locked INTEGER NOT NULL DEFAULT 0, draft INTEGER NOT NULL DEFAULT 0, upvotes INTEGER NOT NULL DEFAULT 0, downvotes INTEGER NOT NULL DEFAULT 0,
  comments INTEGER NOT NULL DEFAULT 0, labels TEXT NOT NULL DEFAULT '[]', source_branch TEXT NOT NULL DEFAULT '', target_branch TEXT NOT NULL DEFAULT '',
  merge_revision_id INTEGER, UNIQUE (kind, project_id, iid));
CREATE UNIQUE INDEX issuable_target ON issuable (kind, target_id);
CREATE INDEX issuable_created ON issuable (project_id, kind, state, created_at, id);
CREATE INDEX issuable_updated ON issuable (project_id, kind, state, updated_at, id);
CREATE INDEX issuable_author ON issuable (author_id, kind, state);
CREATE INDEX issuable_milestone ON issuable (milestone_id) WHERE milestone_id IS NOT NULL;
CREATE VIRTUAL TABLE issuable_search USING fts5 (title, description, content='issuable', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2 3');
-- role: a assignee, r reviewer, p approver, s subscriber, u upvote, d downvote
CREATE TABLE involved (issuable_id INTEGER NOT NULL, role TEXT NOT NULL, person_id INTEGER NOT NULL, PRIMARY KEY (issuable_id, role, person_id)) WITHOUT ROWID;
CREATE INDEX involved_person ON involved (person_id, role, issuable_id);
CREATE TABLE labelled (issuable_id INTEGER NOT NULL, label_id INTEGER NOT NULL, PRIMARY KEY (issuable_id, label_id)) WITHOUT ROWID;
CREATE INDEX labelled_label ON labelled (label_id, issuable_id);
CREATE TABLE note (
  id INTEGER PRIMARY KEY, issuable_id INTEGER NOT NULL, author_id INTEGER NOT NULL, body TEXT NOT NULL, system INTEGER NOT NULL, internal INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL, edited_at INTEGER);
CREATE INDEX note_issuable ON note (issuable_id, id);
CREATE TABLE todo (
  id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, author_id INTEGER NOT NULL, issuable_id INTEGER NOT NULL, action TEXT NOT NULL, done INTEGER NOT NULL, created_at INTEGER NOT NULL);
CREATE INDEX todo_person ON todo (person_id, done, id);
CREATE TABLE event (
  id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, project_id INTEGER NOT NULL, action TEXT NOT NULL, issuable_id INTEGER, text TEXT NOT NULL, created_at INTEGER NOT NULL);
CREATE INDEX event_person ON event (person_id, created_at, id);
CREATE INDEX event_project ON event (project_id, created_at, id);
CREATE INDEX event_time ON event (created_at, id);
CREATE TABLE snippet (
  id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, project_id INTEGER, title TEXT NOT NULL, description TEXT NOT NULL, file_name TEXT NOT NULL,
  content TEXT NOT NULL, visibility INTEGER NOT NULL, created_at INTEGER NOT NULL);
CREATE TABLE access_token (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, name TEXT NOT NULL, scopes TEXT NOT NULL, created_at INTEGER NOT NULL, expires_on TEXT);
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
