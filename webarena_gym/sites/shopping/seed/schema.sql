-- The catalogue: written at build time only. Money is integer cents, times are UTC text.
CREATE TABLE category (
  id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL, name TEXT NOT NULL, path TEXT NOT NULL UNIQUE, level INTEGER NOT NULL,
  position INTEGER NOT NULL, product_count INTEGER NOT NULL, max_price_cents INTEGER NOT NULL);
CREATE INDEX category_parent ON category (parent_id, position);
CREATE TABLE product (
  id INTEGER PRIMARY KEY, sku TEXT NOT NULL UNIQUE, name TEXT NOT NULL, url_key TEXT NOT NULL UNIQUE,
  price_cents INTEGER NOT NULL, rating_percent INTEGER NOT NULL, review_count INTEGER NOT NULL, has_options INTEGER NOT NULL,
  category_id INTEGER NOT NULL, fact TEXT, about TEXT NOT NULL, attributes TEXT NOT NULL);
-- One narrow row a product, for sorting and counting search hits: the price, the place in the order of names, the department.
CREATE TABLE product_key (id INTEGER PRIMARY KEY, price_cents INTEGER NOT NULL, name_rank INTEGER NOT NULL, top_id INTEGER NOT NULL);
CREATE TABLE category_product (
  category_id INTEGER NOT NULL, position INTEGER NOT NULL, product_id INTEGER NOT NULL, price_cents INTEGER NOT NULL,
  name_rank INTEGER NOT NULL, PRIMARY KEY (category_id, position, product_id)) WITHOUT ROWID;
CREATE INDEX category_product_price ON category_product (category_id, price_cents, product_id);
CREATE INDEX category_product_name ON category_product (category_id, name_rank, product_id, price_cents);
CREATE TABLE category_price (category_id INTEGER NOT NULL, low_cents INTEGER NOT NULL, high_cents INTEGER NOT NULL, products INTEGER NOT NULL);
CREATE INDEX category_price_category ON category_price (category_id, low_cents);
CREATE TABLE home_product (position INTEGER PRIMARY KEY, product_id INTEGER NOT NULL);
CREATE TABLE product_option (id INTEGER PRIMARY KEY, product_id INTEGER NOT NULL, title TEXT NOT NULL);
CREATE INDEX product_option_product ON product_option (product_id, id);
CREATE TABLE option_value (id INTEGER PRIMARY KEY, option_id INTEGER NOT NULL, title TEXT NOT NULL);
CREATE INDEX option_value_option ON option_value (option_id, id);
CREATE VIRTUAL TABLE product_search USING fts5 (
  name, sku, about, content='', columnsize=1, tokenize="porter unicode61 remove_diacritics 2");
CREATE TABLE coupon (code TEXT PRIMARY KEY COLLATE NOCASE, percent INTEGER NOT NULL);
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE admin_user (username TEXT PRIMARY KEY, password TEXT NOT NULL);

-- What visitors change.
CREATE TABLE review (
  id INTEGER PRIMARY KEY, product_id INTEGER NOT NULL, customer_id INTEGER, nickname TEXT NOT NULL, title TEXT NOT NULL,
  detail TEXT NOT NULL, stars INTEGER NOT NULL, approved INTEGER NOT NULL, created_at TEXT NOT NULL);
CREATE INDEX review_product ON review (product_id, approved, created_at, id);
CREATE INDEX review_customer ON review (customer_id) WHERE customer_id IS NOT NULL;
CREATE TABLE customer (
  id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE COLLATE NOCASE, password TEXT NOT NULL, first_name TEXT NOT NULL,
  last_name TEXT NOT NULL, billing_id INTEGER, shipping_id INTEGER, created_at TEXT NOT NULL);
CREATE TABLE address (
  id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, first_name TEXT NOT NULL, last_name TEXT NOT NULL, company TEXT NOT NULL,
  telephone TEXT NOT NULL, street TEXT NOT NULL, city TEXT NOT NULL, region_id INTEGER, region TEXT NOT NULL,
  postcode TEXT NOT NULL, country_id TEXT NOT NULL);
CREATE INDEX address_customer ON address (customer_id, id);
CREATE TABLE subscriber (email TEXT PRIMARY KEY COLLATE NOCASE, customer_id INTEGER);
CREATE TABLE cart (id INTEGER PRIMARY KEY, customer_id INTEGER UNIQUE, session_id TEXT UNIQUE, coupon TEXT, email TEXT, address TEXT);
CREATE TABLE cart_item (
  id INTEGER PRIMARY KEY, cart_id INTEGER NOT NULL, product_id INTEGER NOT NULL, qty INTEGER NOT NULL, options TEXT NOT NULL);
CREATE INDEX cart_item_cart ON cart_item (cart_id, id);
CREATE TABLE sales_order (
  id INTEGER PRIMARY KEY, customer_id INTEGER, email TEXT NOT NULL, first_name TEXT NOT NULL, last_name TEXT NOT NULL,
  status TEXT NOT NULL, created_at TEXT NOT NULL, qty INTEGER NOT NULL, subtotal_cents INTEGER NOT NULL,
  discount_cents INTEGER NOT NULL, coupon TEXT, shipping_cents INTEGER NOT NULL, total_cents INTEGER NOT NULL,
  shipping_address TEXT NOT NULL, billing_address TEXT NOT NULL);
CREATE INDEX sales_order_customer ON sales_order (customer_id, created_at, id);
CREATE TABLE order_item (
  id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, product_id INTEGER NOT NULL, sku TEXT NOT NULL, name TEXT NOT NULL,
  price_cents INTEGER NOT NULL, qty INTEGER NOT NULL, options TEXT NOT NULL);
CREATE INDEX order_item_order ON order_item (order_id, id);
CREATE TABLE wishlist_item (
  id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, product_id INTEGER NOT NULL, qty INTEGER NOT NULL, comment TEXT NOT NULL,
  options TEXT NOT NULL, added_at TEXT NOT NULL);
CREATE INDEX wishlist_item_customer ON wishlist_item (customer_id, id);
CREATE TABLE compare_item (id INTEGER PRIMARY KEY, visitor TEXT NOT NULL, product_id INTEGER NOT NULL);
CREATE INDEX compare_item_visitor ON compare_item (visitor, id);
CREATE TABLE visit (session_id TEXT PRIMARY KEY, pending_wish INTEGER, last_order INTEGER);
CREATE TABLE contact_message (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, telephone TEXT NOT NULL, comment TEXT NOT NULL, created_at TEXT NOT NULL);
CREATE TABLE search_term (term TEXT PRIMARY KEY COLLATE NOCASE, uses INTEGER NOT NULL);
CREATE TABLE api_token (token TEXT PRIMARY KEY);
