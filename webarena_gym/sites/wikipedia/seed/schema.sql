-- body: what the page shows, as JSON (see articles.body_of). text: what is searched and quoted in results.
CREATE TABLE article (
  id INTEGER PRIMARY KEY, title TEXT NOT NULL UNIQUE, body TEXT NOT NULL, text TEXT NOT NULL, words INTEGER NOT NULL);
-- Titles that lead to an article, its own included.
CREATE TABLE name (name TEXT PRIMARY KEY, article_id INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX name_any_case ON name (name COLLATE NOCASE);
CREATE VIRTUAL TABLE article_search USING fts5 (title, text, content='', tokenize="porter unicode61 remove_diacritics 2");
CREATE TABLE topic (id INTEGER PRIMARY KEY, heading TEXT NOT NULL, title TEXT NOT NULL);
