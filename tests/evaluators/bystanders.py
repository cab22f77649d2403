"""By site, changes that no task of the site asks for, whatever else it asks for: name -> SQL that makes one."""

from __future__ import annotations

PRODUCT = 102586  # a corn muffin mix that no task asks for
EMMA = 27
USER = 1  # the forum's user who is signed in
POST = 66210  # in books, by somebody else; no task asks for it
OWN_POST = 134868
BYTEBLAZE = 2330
OWN_PROJECT, OTHER_PROJECT = 190, 79  # timeit and 2019-nCov: no task asks for a change there

BYSTANDERS = {
    "shopping": {
        "another wish": f"INSERT INTO wishlist_item VALUES (900, {EMMA}, {PRODUCT}, 1, '', '{{}}', '2023-06-12')",
        "another cart item": f"INSERT INTO cart_item VALUES (900, 900, {PRODUCT}, 1, '{{}}')",
        "a new telephone number": "UPDATE address SET telephone = '5550001111' WHERE id = 26",
        "another subscriber": "INSERT INTO subscriber VALUES ('someone@example.com', NULL)",
        "a second order": "INSERT INTO sales_order SELECT 900, " + ", ".join(
            "customer_id email first_name last_name status created_at qty subtotal_cents discount_cents coupon shipping_cents "
            "total_cents shipping_address billing_address".split()
        ) + " FROM sales_order WHERE id = 180",
        "a review": f"INSERT INTO review VALUES (900000, {PRODUCT}, {EMMA}, 'Emma', 'Good', 'Good', 5, 0, '2023-06-12')",
        "a canceled order": "UPDATE sales_order SET status = 'Canceled' WHERE id = 166",
        "a deleted address": "DELETE FROM address WHERE customer_id = 5",
    },
    "shopping_admin": {
        "another product disabled": "UPDATE product SET status = 2 WHERE id = 1",
        "another price": "UPDATE product SET price_cents = 100 WHERE id = 2",
        "another product out of stock": "UPDATE product SET in_stock = 0 WHERE id = 3",
        "a product deleted": "DELETE FROM product WHERE id = 4",
        "a product moved": "DELETE FROM product_category WHERE product_id = 5",
        "another order canceled": "UPDATE sales_order SET status = 'canceled' WHERE id = 303",
        "another order's address": "UPDATE order_address SET street = '1 Elsewhere' WHERE id = 600",
        "a comment": "INSERT INTO order_comment (order_id, entity, entity_id, status, comment, notified, visible, created_at) "
        "VALUES (304, 'order', 304, 'pending', 'Hello', 1, 0, '2023-06-12 10:00:01')",
        "an invoice": "INSERT INTO invoice (order_id, created_at, subtotal_cents, shipping_cents, tax_cents, discount_cents, total_cents) "
        "VALUES (305, '2023-06-12 10:00:01', 1, 0, 0, 0, 1)",
        "another shipment": "INSERT INTO shipment (order_id, created_at, qty) VALUES (306, '2023-06-12 10:00:01', 1)",
        "a review approved": "UPDATE review SET status = 1 WHERE id = 347",
        "a review deleted": "DELETE FROM review WHERE id = 1",
        "another page's title": "UPDATE cms_page SET title = 'Closed' WHERE id = 5",
        "a customer renamed": "UPDATE customer SET last_name = 'Nobody' WHERE id = 1",
        "a customer deleted": "DELETE FROM customer WHERE id = 30",
        "a customer's telephone number": "UPDATE customer_address SET telephone = '0' WHERE id = 2",
        "a new color": "INSERT INTO attribute_option (attribute_id, label, position) VALUES (93, 'Teal', 99)",
        "another category": "UPDATE category SET is_active = 0 WHERE id = 3",
    },
    "reddit": {
        "a vote for another post": f"INSERT INTO vote VALUES ({USER}, 's', {POST}, 1)",
        "a vote for a comment": f"INSERT INTO vote VALUES ({USER}, 'c', 1000007, 1)",
        "a score of somebody else's post": f"UPDATE submission SET up = up + 1, score = score + 1 WHERE id = {POST}",
        "another subscription": f"INSERT INTO subscription VALUES ({USER}, 10051)",
        "a subscription ended": f"DELETE FROM subscription WHERE user_id = {USER} AND forum_id = 10098",
        "another comment": "INSERT INTO comment SELECT 9000000, submission_id, parent_id, 1, body, body_html, flag, created, "
        f"edited, up, down, score, visibility FROM comment WHERE submission_id = {POST} LIMIT 1",
        "another post": "INSERT INTO submission SELECT 900000, " + ", ".join(
            "forum_id user_id title slug url host image body body_html flag created edited last_active up down score "
            "comment_count ranking sticky locked visibility".split()
        ) + f" FROM submission WHERE id = {OWN_POST}",
        "an own post deleted": f"UPDATE submission SET visibility = 'deleted' WHERE id = {OWN_POST}",
        "an own post retitled": f"UPDATE submission SET title = 'Night agent' WHERE id = {OWN_POST}",
        "a message": f"INSERT INTO thread VALUES (900, {USER}, 40)",
        "another name": f"UPDATE user SET name = 'Somebody' WHERE id = {USER}",
        "a hidden forum": f"INSERT INTO hidden_forum VALUES ({USER}, 10051)",
        "a blocked user": f"INSERT INTO user_block VALUES (900, {USER}, 40, '', 0)",
    },
    "gitlab": {
        "another star": f"INSERT INTO star VALUES ({BYTEBLAZE}, {OTHER_PROJECT}, 0)",
        "a star taken back": f"DELETE FROM star WHERE person_id = {BYTEBLAZE} AND project_id = 174",
        "somebody else followed": f"INSERT INTO follow VALUES ({BYTEBLAZE}, 168)",
        "somebody no longer followed": f"DELETE FROM follow WHERE follower_id = {BYTEBLAZE} AND followed_id = 2264",
        "another comment": "INSERT INTO note (issuable_id, author_id, body, system, created_at) SELECT min(id), "
        f"{BYTEBLAZE}, 'Hello', 0, 0 FROM issuable WHERE project_id = {OTHER_PROJECT}",
        "an own comment edited": "UPDATE note SET body = 'Never mind' "
        f"WHERE id = (SELECT min(id) FROM note WHERE author_id = {BYTEBLAZE} AND system = 0)",
        "a closed issue": "UPDATE issuable SET state = 'closed' WHERE kind = 0 AND project_id = 174 AND iid = 1478",
        "another issue assigned": f"INSERT INTO involved SELECT id, 'a', {BYTEBLAZE} FROM issuable "
        "WHERE kind = 0 AND project_id = 174 AND iid = 1391",
        "another member": f"INSERT INTO member VALUES ({OWN_PROJECT}, 168, 30, 0, {BYTEBLAZE}, NULL)",
        "a member removed": "DELETE FROM member WHERE project_id = 184 AND person_id = 168",
        "an invitation by email": "INSERT INTO invitation (project_id, email, level, created_at) "
        f"VALUES ({OWN_PROJECT}, 'a@example.com', 30, 0)",
        "another project hidden": f"UPDATE project SET visibility = 0 WHERE id = {OWN_PROJECT}",
        "another project": "INSERT INTO project SELECT 9000, namespace_id, 'another', 'byteblaze/another', " + ", ".join(
            "name namespace_name description visibility domain default_branch created_at updated_at stars forks open_issues "
            "open_merge_requests commits branches tags storage_kb forked_from archived fact".split()
        ) + f" FROM project WHERE id = {OWN_PROJECT}",
        "another description": "UPDATE project SET description = 'Moved' WHERE id = (SELECT min(id) FROM project)",
        "a file changed": f"UPDATE file SET content = '' WHERE id = (SELECT min(id) FROM file WHERE project_id = {OWN_PROJECT})",
        "a branch deleted": "DELETE FROM branch WHERE project_id = 174 AND name = 'feature/replace-gulp'",
        "to-dos done": f"UPDATE todo SET done = 1 WHERE person_id = {BYTEBLAZE} AND done = 0",
        "another name": f"UPDATE person SET name = 'Somebody' WHERE id = {BYTEBLAZE}",
        "an access token": "INSERT INTO access_token (person_id, name, scopes, created_at) "
        f"VALUES ({BYTEBLAZE}, 'mine', 'api', 0)",
        "a draft": f"INSERT INTO draft (person_id, project_id, branch, path, content) VALUES ({BYTEBLAZE}, {OWN_PROJECT}, 'main', 'a', '')",
    },
    "map": {
        "a note": "INSERT INTO note VALUES (900, '2023-06-12 15:00:00', 'No such shop here', 40.44, -79.94)",
        "an account": "INSERT INTO account VALUES (900, 'someone@example.com', 'someone', 'secret123')",
        "another name": "UPDATE element SET name = 'Gone' WHERE id = 9000",
        "a way of other length": "UPDATE listed_route SET metres = metres + 1 WHERE mode = 'bike'",
    },
}  # fmt: skip
