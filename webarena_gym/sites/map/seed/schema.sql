-- What visitors cannot change: map elements, found by full text, by class and place, or by place.
CREATE TABLE element (
  id INTEGER PRIMARY KEY,  -- the more important, the lower
  kind TEXT NOT NULL,  -- node, way or relation
  osm_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  lat REAL NOT NULL,
  lon REAL NOT NULL,
  key TEXT NOT NULL,  -- class: key and value of the tag that says what it is
  value TEXT NOT NULL,
  importance REAL NOT NULL,  -- 0 to 1
  km REAL NOT NULL,  -- how far it reaches from its middle
  display_name TEXT NOT NULL,
  address TEXT NOT NULL,  -- JSON object
  names TEXT NOT NULL,  -- its names as words, one name a line, its own first
  tags TEXT NOT NULL,  -- JSON object
  version INTEGER NOT NULL,
  changeset_id INTEGER NOT NULL,
  fact TEXT,  -- its key in facts.json
  UNIQUE (kind, osm_id)
);
CREATE INDEX element_class ON element (key, value, lat, lon);
CREATE INDEX element_place ON element (lat, lon, km, key);
CREATE INDEX element_changeset ON element (changeset_id);
CREATE INDEX element_fact ON element (fact) WHERE fact IS NOT NULL;
CREATE VIRTUAL TABLE element_search USING fts5 (name, class, area, content = '', detail = column, tokenize = 'unicode61 remove_diacritics 2');
CREATE TABLE member (relation_id INTEGER NOT NULL, position INTEGER NOT NULL, element_id INTEGER NOT NULL, role TEXT NOT NULL,
  PRIMARY KEY (relation_id, position)) WITHOUT ROWID;
CREATE INDEX member_element ON member (element_id);
CREATE TABLE street (element_id INTEGER PRIMARY KEY, from_lat REAL NOT NULL, from_lon REAL NOT NULL, to_lat REAL NOT NULL, to_lon REAL NOT NULL);
CREATE TABLE listed_route (from_lat REAL NOT NULL, from_lon REAL NOT NULL, to_lat REAL NOT NULL, to_lon REAL NOT NULL, mode TEXT NOT NULL,
  metres REAL NOT NULL, seconds REAL NOT NULL);
CREATE INDEX listed_route_from ON listed_route (from_lat);
CREATE TABLE mapper (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, joined TEXT NOT NULL, about TEXT NOT NULL);
CREATE TABLE changeset (id INTEGER PRIMARY KEY, mapper_id INTEGER NOT NULL, created TEXT NOT NULL, comment TEXT NOT NULL);
CREATE INDEX changeset_mapper ON changeset (mapper_id);
CREATE TABLE diary_entry (id INTEGER PRIMARY KEY, mapper_id INTEGER NOT NULL, created TEXT NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL,
  lat REAL NOT NULL, lon REAL NOT NULL, place TEXT NOT NULL);
CREATE INDEX diary_mapper ON diary_entry (mapper_id);
CREATE TABLE trace (id INTEGER PRIMARY KEY, mapper_id INTEGER NOT NULL, created TEXT NOT NULL, name TEXT NOT NULL, tag TEXT NOT NULL,
  points INTEGER NOT NULL, lat REAL NOT NULL, lon REAL NOT NULL, place TEXT NOT NULL);
CREATE INDEX trace_mapper ON trace (mapper_id);
-- What visitors leave.
CREATE TABLE account (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE COLLATE NOCASE, name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  password TEXT NOT NULL);
CREATE TABLE note (id INTEGER PRIMARY KEY, created TEXT NOT NULL, body TEXT NOT NULL, lat REAL NOT NULL, lon REAL NOT NULL);
