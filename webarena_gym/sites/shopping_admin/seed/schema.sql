-- Money is integer cents, times are UTC text, percents are hundredths of a percent. What follows from rows is not stored:
-- grids, reports and totals paid, refunded or due are computed from orders, invoices and credit memos.
CREATE TABLE admin_user (
  id INTEGER PRIMARY KEY, username TEXT NOT NULL UNIQUE, password TEXT NOT NULL, first_name TEXT NOT NULL, last_name TEXT NOT NULL,
  email TEXT NOT NULL, role TEXT NOT NULL, is_active INTEGER NOT NULL);
-- What a user left of a grid: filters, sorting, paging, columns, as JSON.
CREATE TABLE grid_bookmark (
  user_id INTEGER NOT NULL, namespace TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (user_id, namespace)) WITHOUT ROWID;
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);

-- Goods. An attribute's options have ids of their own, as in the real store (color 93, size 144).
CREATE TABLE attribute_set (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE attribute (
  id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, label TEXT NOT NULL, input TEXT NOT NULL, is_required INTEGER NOT NULL,
  is_system INTEGER NOT NULL, is_global INTEGER NOT NULL, is_searchable INTEGER NOT NULL, is_comparable INTEGER NOT NULL,
  is_filterable INTEGER NOT NULL);
CREATE TABLE attribute_option (id INTEGER PRIMARY KEY, attribute_id INTEGER NOT NULL, label TEXT NOT NULL, position INTEGER NOT NULL);
CREATE INDEX attribute_option_attribute ON attribute_option (attribute_id, position, id);
CREATE TABLE category (
  id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL, name TEXT NOT NULL, url_key TEXT NOT NULL, path TEXT NOT NULL, level INTEGER NOT NULL,
  position INTEGER NOT NULL, is_active INTEGER NOT NULL, include_in_menu INTEGER NOT NULL, description TEXT NOT NULL);
CREATE INDEX category_parent ON category (parent_id, position);
-- status 1 enabled, 2 disabled; visibility 1 not visible, 2 catalog, 3 search, 4 both. A variant names its parent.
CREATE TABLE product (
  id INTEGER PRIMARY KEY, sku TEXT NOT NULL UNIQUE, name TEXT NOT NULL, type TEXT NOT NULL, attribute_set_id INTEGER NOT NULL,
  status INTEGER NOT NULL, visibility INTEGER NOT NULL, price_cents INTEGER NOT NULL, special_price_cents INTEGER, cost_cents INTEGER,
  weight REAL, tax_class_id INTEGER NOT NULL, url_key TEXT NOT NULL, short_description TEXT NOT NULL, description TEXT NOT NULL,
  meta_title TEXT NOT NULL, meta_keyword TEXT NOT NULL, meta_description TEXT NOT NULL, qty INTEGER NOT NULL, in_stock INTEGER NOT NULL,
  parent_id INTEGER, color INTEGER, size INTEGER, new INTEGER NOT NULL, sale INTEGER NOT NULL, eco_collection INTEGER NOT NULL,
  performance_fabric INTEGER NOT NULL, erin_recommends INTEGER NOT NULL, news_from TEXT NOT NULL, news_to TEXT NOT NULL,
  country_of_manufacture TEXT NOT NULL, attributes TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE INDEX product_parent ON product (parent_id, id) WHERE parent_id IS NOT NULL;
CREATE INDEX product_url_key ON product (url_key);
-- Which attributes tell a configurable product's variants apart, in the order of the names of the variants.
CREATE TABLE product_super_attribute (
  product_id INTEGER NOT NULL, attribute_id INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (product_id, attribute_id)) WITHOUT ROWID;
CREATE TABLE product_category (
  product_id INTEGER NOT NULL, category_id INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (product_id, category_id)) WITHOUT ROWID;
CREATE INDEX product_category_category ON product_category (category_id, position, product_id);
-- kind: related, upsell, crosssell
CREATE TABLE product_link (
  product_id INTEGER NOT NULL, kind TEXT NOT NULL, linked_id INTEGER NOT NULL, position INTEGER NOT NULL,
  PRIMARY KEY (product_id, kind, linked_id)) WITHOUT ROWID;
CREATE TABLE product_view (product_id INTEGER NOT NULL, day TEXT NOT NULL, views INTEGER NOT NULL, PRIMARY KEY (product_id, day)) WITHOUT ROWID;

-- People
CREATE TABLE customer_group (id INTEGER PRIMARY KEY, code TEXT NOT NULL, tax_class TEXT NOT NULL);
CREATE TABLE customer (
  id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE COLLATE NOCASE, prefix TEXT NOT NULL, first_name TEXT NOT NULL, middle_name TEXT NOT NULL,
  last_name TEXT NOT NULL, suffix TEXT NOT NULL, group_id INTEGER NOT NULL, dob TEXT NOT NULL, taxvat TEXT NOT NULL, gender TEXT NOT NULL,
  billing_id INTEGER, shipping_id INTEGER, created_at TEXT NOT NULL, is_subscribed INTEGER NOT NULL);
CREATE TABLE customer_address (
  id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, first_name TEXT NOT NULL, last_name TEXT NOT NULL, company TEXT NOT NULL,
  telephone TEXT NOT NULL, street TEXT NOT NULL, city TEXT NOT NULL, region_id INTEGER, region TEXT NOT NULL, postcode TEXT NOT NULL,
  country_id TEXT NOT NULL);
CREATE INDEX customer_address_customer ON customer_address (customer_id, id);
CREATE TABLE subscriber (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE COLLATE NOCASE, customer_id INTEGER, status TEXT NOT NULL);

-- Sales. The entity id is the number that the nine-digit number spells. status: pending, processing, complete, closed, canceled,
-- holded, fraud; before_hold is the one that Unhold returns to.
CREATE TABLE sales_order (
  id INTEGER PRIMARY KEY, customer_id INTEGER, email TEXT NOT NULL, first_name TEXT NOT NULL, last_name TEXT NOT NULL, group_id INTEGER NOT NULL,
  status TEXT NOT NULL, before_hold TEXT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, qty INTEGER NOT NULL,
  subtotal_cents INTEGER NOT NULL, shipping_cents INTEGER NOT NULL, tax_cents INTEGER NOT NULL, discount_cents INTEGER NOT NULL,
  total_cents INTEGER NOT NULL, coupon TEXT, rule TEXT NOT NULL, shipping_method TEXT NOT NULL, payment_method TEXT NOT NULL,
  email_sent INTEGER NOT NULL, refuses_comments INTEGER NOT NULL);
CREATE INDEX sales_order_created ON sales_order (created_at, id);
CREATE INDEX sales_order_customer ON sales_order (customer_id, created_at);
-- Of order N, the billing address is 2N - 1 and the shipping address 2N.
CREATE TABLE order_address (
  id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, kind TEXT NOT NULL, first_name TEXT NOT NULL, last_name TEXT NOT NULL, company TEXT NOT NULL,
  telephone TEXT NOT NULL, street TEXT NOT NULL, city TEXT NOT NULL, region_id INTEGER, region TEXT NOT NULL, postcode TEXT NOT NULL,
  country_id TEXT NOT NULL);
CREATE INDEX order_address_order ON order_address (order_id, kind);
CREATE TABLE order_item (
  id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, product_id INTEGER NOT NULL, sku TEXT NOT NULL, name TEXT NOT NULL, options TEXT NOT NULL,
  original_price_cents INTEGER NOT NULL, price_cents INTEGER NOT NULL, qty INTEGER NOT NULL, qty_invoiced INTEGER NOT NULL,
  qty_shipped INTEGER NOT NULL, qty_refunded INTEGER NOT NULL, qty_canceled INTEGER NOT NULL, tax_percent INTEGER NOT NULL,
  tax_cents INTEGER NOT NULL, discount_cents INTEGER NOT NULL, tax_code TEXT NOT NULL DEFAULT '');
CREATE INDEX order_item_order ON order_item (order_id, id);
CREATE INDEX order_item_product ON order_item (product_id, order_id);
-- entity: order, invoice, shipment, creditmemo. notified: 0 no, 1 yes, 2 not applicable.
CREATE TABLE order_comment (
  id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, entity TEXT NOT NULL, entity_id INTEGER NOT NULL, status TEXT NOT NULL, comment TEXT NOT NULL,
  notified INTEGER NOT NULL, visible INTEGER NOT NULL, created_at TEXT NOT NULL);
CREATE INDEX order_comment_order ON order_comment (order_id, id);
CREATE TABLE invoice (
  id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, created_at TEXT NOT NULL, subtotal_cents INTEGER NOT NULL, shipping_cents INTEGER NOT NULL,
  tax_cents INTEGER NOT NULL, discount_cents INTEGER NOT NULL, total_cents INTEGER NOT NULL);
CREATE INDEX invoice_order ON invoice (order_id, id);
CREATE TABLE invoice_item (
  invoice_id INTEGER NOT NULL, order_item_id INTEGER NOT NULL, qty INTEGER NOT NULL, tax_cents INTEGER NOT NULL, discount_cents INTEGER NOT NULL,
  PRIMARY KEY (invoice_id, order_item_id)) WITHOUT ROWID;
CREATE TABLE shipment (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, created_at TEXT NOT NULL, qty INTEGER NOT NULL);
CREATE INDEX shipment_order ON shipment (order_id, id);
CREATE TABLE shipment_item (
  shipment_id INTEGER NOT NULL, order_item_id INTEGER NOT NULL, qty INTEGER NOT NULL, PRIMARY KEY (shipment_id, order_item_id)) WITHOUT ROWID;
CREATE TABLE shipment_track (
  id INTEGER PRIMARY KEY, shipment_id INTEGER NOT NULL, order_id INTEGER NOT NULL, carrier_code TEXT NOT NULL, title TEXT NOT NULL,
  number TEXT NOT NULL, created_at TEXT NOT NULL);
CREATE INDEX shipment_track_order ON shipment_track (order_id, id);
CREATE TABLE creditmemo (
  id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, created_at TEXT NOT NULL, subtotal_cents INTEGER NOT NULL, shipping_cents INTEGER NOT NULL,
  tax_cents INTEGER NOT NULL, discount_cents INTEGER NOT NULL, adjustment_cents INTEGER NOT NULL, total_cents INTEGER NOT NULL);
CREATE INDEX creditmemo_order ON creditmemo (order_id, id);
CREATE TABLE creditmemo_item (
  creditmemo_id INTEGER NOT NULL, order_item_id INTEGER NOT NULL, qty INTEGER NOT NULL, tax_cents INTEGER NOT NULL,
  discount_cents INTEGER NOT NULL, PRIMARY KEY (creditmemo_id, order_item_id)) WITHOUT ROWID;

-- Marketing and content. A review's status: 1 approved, 2 pending, 3 not approved.
CREATE TABLE review (
  id INTEGER PRIMARY KEY, product_id INTEGER NOT NULL, customer_id INTEGER, nickname TEXT NOT NULL, title TEXT NOT NULL, detail TEXT NOT NULL,
  stars INTEGER NOT NULL, status INTEGER NOT NULL, created_at TEXT NOT NULL);
CREATE INDEX review_product ON review (product_id, status, id);
CREATE TABLE search_term (
  id INTEGER PRIMARY KEY, term TEXT NOT NULL UNIQUE COLLATE NOCASE, results INTEGER NOT NULL, uses INTEGER NOT NULL, redirect TEXT NOT NULL,
  is_suggested INTEGER NOT NULL, updated_at TEXT NOT NULL);
CREATE TABLE search_synonym (id INTEGER PRIMARY KEY, synonyms TEXT NOT NULL);
CREATE TABLE cart_rule (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, description TEXT NOT NULL, coupon TEXT NOT NULL, is_active INTEGER NOT NULL, priority INTEGER NOT NULL,
  from_day TEXT NOT NULL, to_day TEXT NOT NULL);
CREATE TABLE catalog_rule (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, is_active INTEGER NOT NULL, from_day TEXT NOT NULL, to_day TEXT NOT NULL);
CREATE TABLE cms_page (
  id INTEGER PRIMARY KEY, title TEXT NOT NULL, url_key TEXT NOT NULL, layout TEXT NOT NULL, is_active INTEGER NOT NULL, content_heading TEXT NOT NULL,
  content TEXT NOT NULL, meta_title TEXT NOT NULL, meta_keywords TEXT NOT NULL, meta_description TEXT NOT NULL, created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL);
CREATE TABLE cms_block (
  id INTEGER PRIMARY KEY, title TEXT NOT NULL, identifier TEXT NOT NULL, is_active INTEGER NOT NULL, content TEXT NOT NULL, created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL);
CREATE TABLE theme (id INTEGER PRIMARY KEY, title TEXT NOT NULL, path TEXT NOT NULL, parent_id INTEGER);
CREATE TABLE tax_rate (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, region TEXT NOT NULL, postcode TEXT NOT NULL, percent INTEGER NOT NULL);

-- An order with what became of it: what reports add up. An order with canceled pieces counts what was not invoiced as canceled.
CREATE VIEW order_figures AS
SELECT o.id, o.customer_id, o.status, o.created_at, o.updated_at, o.coupon, o.rule, o.shipping_method, o.total_cents, o.subtotal_cents,
  o.shipping_cents, o.tax_cents, o.discount_cents,
  (SELECT coalesce(sum(qty), 0) FROM order_item WHERE order_id = o.id) AS qty,
  (SELECT coalesce(sum(qty_canceled), 0) FROM order_item WHERE order_id = o.id) AS qty_canceled,
  (SELECT coalesce(sum(total_cents), 0) FROM invoice WHERE order_id = o.id) AS invoiced_cents,
  (SELECT coalesce(sum(subtotal_cents), 0) FROM invoice WHERE order_id = o.id) AS subtotal_invoiced_cents,
  (SELECT coalesce(sum(shipping_cents), 0) FROM invoice WHERE order_id = o.id) AS shipping_invoiced_cents,
  (SELECT coalesce(sum(tax_cents), 0) FROM invoice WHERE order_id = o.id) AS tax_invoiced_cents,
  (SELECT coalesce(sum(discount_cents), 0) FROM invoice WHERE order_id = o.id) AS discount_invoiced_cents,
  (SELECT coalesce(sum(total_cents), 0) FROM creditmemo WHERE order_id = o.id) AS refunded_cents,
  (SELECT coalesce(sum(shipping_cents), 0) FROM creditmemo WHERE order_id = o.id) AS shipping_refunded_cents,
  (SELECT coalesce(sum(tax_cents), 0) FROM creditmemo WHERE order_id = o.id) AS tax_refunded_cents
FROM sales_order o;
