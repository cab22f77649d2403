-- Times are whole seconds since 1970, UTC. visibility: 'visible', 'deleted' (by its author) or 'trashed' (by a moderator).
CREATE TABLE user (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, password TEXT NOT NULL, email TEXT NOT NULL,
  biography TEXT NOT NULL, biography_html TEXT NOT NULL, created INTEGER NOT NULL, settings TEXT NOT NULL);
CREATE TABLE forum (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, title TEXT NOT NULL, description TEXT NOT NULL,
  sidebar TEXT NOT NULL, sidebar_html TEXT NOT NULL, theme TEXT NOT NULL, created INTEGER NOT NULL, featured INTEGER NOT NULL,
  submission_count INTEGER NOT NULL, subscriber_count INTEGER NOT NULL);
CREATE INDEX forum_submissions ON forum (submission_count, id);
CREATE TABLE forum_tag (forum_id INTEGER NOT NULL, name TEXT NOT NULL COLLATE NOCASE, PRIMARY KEY (forum_id, name)) WITHOUT ROWID;
CREATE INDEX forum_tag_name ON forum_tag (name);
CREATE TABLE subscription (user_id INTEGER NOT NULL, forum_id INTEGER NOT NULL, PRIMARY KEY (user_id, forum_id)) WITHOUT ROWID;
CREATE TABLE moderator (id INTEGER PRIMARY KEY, forum_id INTEGER NOT NULL, user_id INTEGER NOT NULL, created INTEGER NOT NULL);
CREATE INDEX moderator_forum ON moderator (forum_id, id);
CREATE INDEX moderator_user ON moderator (user_id);
CREATE TABLE submission (
  id INTEGER PRIMARY KEY, forum_id INTEGER NOT NULL, user_id INTEGER NOT NULL, title TEXT NOT NULL, slug TEXT NOT NULL,
  url TEXT NOT NULL, host TEXT NOT NULL, image TEXT NOT NULL, body TEXT NOT NULL, body_html TEXT NOT NULL, flag TEXT NOT NULL,
  created INTEGER NOT NULL, edited INTEGER, last_active INTEGER NOT NULL, up INTEGER NOT NULL, down INTEGER NOT NULL,
  score INTEGER NOT NULL, comment_count INTEGER NOT NULL, ranking INTEGER NOT NULL, sticky INTEGER NOT NULL, locked INTEGER NOT NULL,
  visibility TEXT NOT NULL);
CREATE INDEX submission_forum ON submission (forum_id, id);
CREATE INDEX submission_forum_hot ON submission (forum_id, ranking, id);
CREATE INDEX submission_hot ON submission (ranking, id);
CREATE INDEX submission_active ON submission (last_active, id);
CREATE INDEX submission_top ON submission (score, id);
CREATE INDEX submission_commented ON submission (comment_count, id);
CREATE INDEX submission_user ON submission (user_id, id);
CREATE TABLE comment (
  id INTEGER PRIMARY KEY, submission_id INTEGER NOT NULL, parent_id INTEGER, user_id INTEGER NOT NULL, body TEXT NOT NULL,
  body_html TEXT NOT NULL, flag TEXT NOT NULL, created INTEGER NOT NULL, edited INTEGER, up INTEGER NOT NULL, down INTEGER NOT NULL,
  score INTEGER NOT NULL, visibility TEXT NOT NULL);
CREATE INDEX comment_submission ON comment (submission_id, id);
CREATE INDEX comment_user ON comment (user_id, id);
CREATE TABLE vote (
  user_id INTEGER NOT NULL, kind TEXT NOT NULL, target_id INTEGER NOT NULL, choice INTEGER NOT NULL,
  PRIMARY KEY (user_id, kind, target_id)) WITHOUT ROWID;
CREATE VIRTUAL TABLE submission_search USING fts5 (title, body, content='', tokenize="porter unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE comment_search USING fts5 (body, content='', tokenize="porter unicode61 remove_diacritics 2");
-- Pictures. Those of the seed are drawn from their name when asked for, so their content is null; sha256 is of what is served.
CREATE TABLE image (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, media_type TEXT NOT NULL, content BLOB) WITHOUT ROWID;
CREATE INDEX image_sha256 ON image (sha256);
CREATE TABLE hidden_forum (user_id INTEGER NOT NULL, forum_id INTEGER NOT NULL, PRIMARY KEY (user_id, forum_id)) WITHOUT ROWID;
CREATE TABLE user_block (
  id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, blocked_id INTEGER NOT NULL, comment TEXT NOT NULL, created INTEGER NOT NULL,
  UNIQUE (user_id, blocked_id));
CREATE TABLE notification (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, kind TEXT NOT NULL, target_id INTEGER NOT NULL);
CREATE INDEX notification_user ON notification (user_id, id);
CREATE TABLE thread (id INTEGER PRIMARY KEY, sender_id INTEGER NOT NULL, receiver_id INTEGER NOT NULL);
CREATE TABLE message (
  id INTEGER PRIMARY KEY, thread_id INTEGER NOT NULL, sender_id INTEGER NOT NULL, body TEXT NOT NULL, body_html TEXT NOT NULL,
  created INTEGER NOT NULL);
CREATE INDEX message_thread ON message (thread_id, id);
CREATE TABLE forum_ban (
  id INTEGER PRIMARY KEY, forum_id INTEGER NOT NULL, user_id INTEGER NOT NULL, reason TEXT NOT NULL, created INTEGER NOT NULL,
  UNIQUE (forum_id, user_id));
CREATE TABLE log_entry (
  id INTEGER PRIMARY KEY, forum_id INTEGER NOT NULL, moderator_id INTEGER NOT NULL, action TEXT NOT NULL, author_id INTEGER NOT NULL,
  submission_id INTEGER, reason TEXT NOT NULL, created INTEGER NOT NULL);
CREATE INDEX log_entry_forum ON log_entry (forum_id, id);
CREATE TABLE wiki_page (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE COLLATE NOCASE);
CREATE TABLE wiki_revision (
  id INTEGER PRIMARY KEY, page_id INTEGER NOT NULL, user_id INTEGER NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL,
  body_html TEXT NOT NULL, created INTEGER NOT NULL);
CREATE INDEX wiki_revision_page ON wiki_revision (page_id, id);
-- What was typed into a form that was sent back, until it is shown again: one form a session.
CREATE TABLE draft (session_id INTEGER PRIMARY KEY, form TEXT NOT NULL, fields TEXT NOT NULL);
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
