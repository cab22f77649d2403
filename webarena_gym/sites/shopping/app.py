"""The shop's route table."""

from __future__ import annotations

import functools
from pathlib import Path

from flask import Flask

from ..base import Route, make_app, session_cookie
from ..magento import HIGHEST_ID, money
from .routes import account, addresses, cart, catalogue, checkout, content, orders, rest, reviews, search, wishlist
from .routes.common import SESSION_COOKIE, long_date, short_date

FOLDER = Path(__file__).parent

ROUTES: list[Route] = [
    ("/", catalogue.home),
    ("/catalog/category/view/id/<int:category_id>/", catalogue.category_by_id),
    ("/catalog/product/view/id/<int:product_id>/", catalogue.product_by_id),
    ("/catalogsearch/result/", search.results),
    ("/catalogsearch/result/index/", search.results),
    ("/catalogsearch/advanced/", search.advanced),
    ("/catalogsearch/advanced/index/", search.advanced),
    ("/catalogsearch/advanced/result/", search.advanced_results),
    ("/search/term/popular/", search.popular_terms),
    ("/review/product/listAjax/id/<int:product_id>/", reviews.review_list),
    ("/review/product/list/id/<int:product_id>/", reviews.review_list),
    ("/review/product/post/id/<int:product_id>/", reviews.post, "POST"),
    ("/review/customer/", reviews.own_reviews),
    ("/review/customer/index/", reviews.own_reviews),
    ("/review/customer/view/id/<int:review_id>/", reviews.own_review),
    ("/customer/account/", account.dashboard),
    ("/customer/account/index/", account.dashboard),
    ("/customer/account/login/", account.login),
    ("/customer/account/loginPost/", account.login_post, "POST"),
    ("/customer/account/logout/", account.logout, "GET POST"),
    ("/customer/account/logoutSuccess/", account.logout_success),
    ("/customer/account/create/", account.create),
    ("/customer/account/createpost/", account.create_post, "POST"),
    ("/customer/account/forgotpassword/", account.forgot_password),
    ("/customer/account/forgotpasswordpost/", account.forgot_password_post, "POST"),
    ("/customer/account/edit/", account.edit),
    ("/customer/account/edit/changepass/<int:changepass>/", account.edit),
    ("/customer/account/editPost/", account.edit_post, "POST"),
    ("/newsletter/manage/", account.newsletter),
    ("/newsletter/manage/index/", account.newsletter),
    ("/newsletter/manage/save/", account.newsletter_save, "POST"),
    ("/newsletter/subscriber/new/", content.subscribe, "POST"),
    ("/downloadable/customer/products/", account.downloads),
    ("/vault/cards/listaction/", account.stored_cards),
    ("/customer/address/", addresses.book),
    ("/customer/address/index/", addresses.book),
    ("/customer/address/new/", addresses.new),
    ("/customer/address/edit/id/<int:address_id>/", addresses.edit),
    ("/customer/address/formPost/", addresses.save, "POST"),
    ("/customer/address/formPost/id/<int:address_id>/", addresses.save, "POST"),
    ("/customer/address/delete/id/<int:address_id>/", addresses.delete, "POST"),
    ("/sales/order/history/", orders.history),
    ("/sales/order/view/order_id/<int:order_id>/", orders.view),
    ("/sales/order/invoice/order_id/<int:order_id>/", orders.invoices),
    ("/sales/order/shipment/order_id/<int:order_id>/", orders.shipments),
    ("/sales/order/print/order_id/<int:order_id>/", orders.print_order),
    ("/sales/order/reorder/order_id/<int:order_id>/", orders.reorder, "POST"),
    ("/sales/guest/form/", orders.guest_form),
    ("/sales/guest/view/", orders.guest_view),
    ("/sales/guest/view/", orders.guest_find, "POST"),
    ("/sales/guest/reorder/", orders.guest_reorder, "POST"),
    ("/checkout/cart/", cart.cart),
    ("/checkout/cart/index/", cart.cart),
    ("/checkout/cart/add/", cart.add, "POST"),
    ("/checkout/cart/add/product/<int:product_id>/", cart.add_by_address, "GET POST"),
    ("/checkout/cart/add/uenc/<packed>/product/<int:product_id>/", cart.packed_add, "POST"),
    ("/checkout/cart/addgroup/", orders.reorder_items, "POST"),
    ("/checkout/cart/updatePost/", cart.update, "POST"),
    ("/checkout/cart/delete/", cart.delete, "POST"),
    ("/checkout/cart/couponPost/", cart.coupon, "POST"),
    ("/checkout/cart/configure/id/<int:line_id>/product_id/<int:product_id>/", cart.configure),
    ("/checkout/cart/updateItemOptions/id/<int:line_id>/", cart.update_options, "POST"),
    ("/checkout/", checkout.checkout),
    ("/checkout/index/index/", checkout.checkout),
    ("/checkout/shipping/", checkout.save_shipping, "POST"),
    ("/checkout/place/", checkout.place_order, "POST"),
    ("/checkout/onepage/success/", checkout.success),
    ("/multishipping/checkout/", checkout.multishipping),
    ("/multishipping/checkout/addressesPost/", checkout.multishipping_post, "POST"),
    ("/wishlist/", wishlist.wish_list),
    ("/wishlist/index/index/", wishlist.wish_list),
    ("/wishlist/index/index/wishlist_id/<int:wishlist_id>/", wishlist.wish_list),
    ("/wishlist/index/add/", wishlist.add, "POST"),
    ("/wishlist/index/remove/", wishlist.remove, "POST"),
    ("/wishlist/index/update/", wishlist.update, "POST"),
    ("/wishlist/index/cart/", wishlist.to_cart, "POST"),
    ("/wishlist/index/allcart/", wishlist.all_to_cart, "POST"),
    ("/wishlist/index/fromcart/", cart.to_wish_list, "POST"),
    ("/wishlist/index/share/", wishlist.share),
    ("/wishlist/index/send/", wishlist.send, "POST"),
    ("/catalog/product_compare/index/", wishlist.compare),
    ("/catalog/product_compare/add/", wishlist.compare_add, "POST"),
    ("/catalog/product_compare/remove/", wishlist.compare_remove, "POST"),
    ("/catalog/product_compare/clear/", wishlist.compare_clear, "POST"),
    ("/contact/", content.contact),
    ("/contact/index/", content.contact_form),
    ("/contact/index/post/", content.contact_post, "POST"),
    ("/privacy-policy-cookie-restriction-mode/", content.privacy),
    ("/bugs/", content.bugs),
    ("/media/catalog/product/<int:product_id>.svg", content.picture),
    ("/static/<name>", content.static_file),
    ("/favicon.ico", content.favicon),
    ("/rest/V1/integration/admin/token", rest.admin_token, "POST"),
    ("/rest/<view>/V1/integration/admin/token", rest.admin_token, "POST"),
    ("/rest/V1/orders", rest.orders),
    ("/rest/<view>/V1/orders", rest.orders),
    ("/rest/V1/orders/<int:order_id>", rest.order),
    ("/rest/V1/products/<sku>/reviews", rest.product_reviews),
    ("/rest/<view>/V1/products/<sku>/reviews", rest.product_reviews),
    ("/<path:path>", catalogue.rewrite),
    ("/<path:path>", content.fallback, "POST PUT PATCH DELETE"),
]


@functools.cache
def app() -> Flask:
    """The one app of this process; it holds no state."""
    routes = [(rule.replace("<int:", f"<int(max={HIGHEST_ID}):"), *rest) for rule, *rest in ROUTES]
    made = make_app("shopping", FOLDER, routes)
    made.jinja_env.filters.update(money=money, short_date=short_date, long_date=long_date)
    made.after_request(session_cookie(SESSION_COOKIE))
    return made
