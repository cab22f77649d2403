"""The admin's route table, and that of the store's front at the root of the same origin."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask

from ..base import Route, make_app, session_cookie
from ..magento import HIGHEST_ID, money
from .navigation import BASE
from .routes import (
    attributes,
    categories,
    configurations,
    content,
    customers,
    dashboard,
    documents,
    grid_pages,
    legacy,
    legacy_pages,
    order_create,
    orders,
    products,
    reports,
    reviews,
    sessions,
    storefront,
    system,
    terms,
    variants,
)
from .routes.common import SESSION_COOKIE, day, full_time, page_time
from .store.marketing import REVIEW_STATUSES

FOLDER = Path(__file__).parent
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
_INVOICE, _SHIPMENT, _MEMO = "/sales/order_invoice", "/admin/order_shipment", "/sales/order_creditmemo"
_PRODUCT = "/catalog/product"
_SAVED = "type/<type>/store/0/set/<int:attribute_set_id>/back/edit"

# Paths below the admin's base.
_ADMIN: list[Route] = [
    ("/", sessions.entrance),
    ("/", sessions.sign_in, "POST"),
    ("/admin/", sessions.entrance),
    ("/admin/", sessions.sign_in, "POST"),
    ("/admin/index/index/", sessions.entrance),
    ("/admin/auth/login/", sessions.entrance),
    ("/admin/auth/login/", sessions.sign_in, "POST"),
    ("/admin/auth/logout/", sessions.sign_out),
    ("/admin/auth/forgotpassword/", sessions.forgot),
    ("/admin/system_account/", sessions.account),
    ("/admin/system_account/index/", sessions.account),
    ("/security/session/activity/", sessions.activity),
    ("/dashboard/", dashboard.dashboard),
    ("/admin/dashboard/", dashboard.dashboard),
    ("/admin/dashboard/index/", dashboard.dashboard),
    ("/admin/dashboard/<tab>/", dashboard.dashboard),
    ("/admin/index/globalSearch/", dashboard.global_search),
    ("/admin/help/<topic>/", system.help_page),
    ("/mui/bookmark/save/", grid_pages.change, "POST"),
    ("/mui/index/select/", grid_pages.choose, "POST"),
    ("/mui/export/gridToCsv/", grid_pages.export),
    # Sales
    ("/sales/order/view/order_id/<int:order_id>/", orders.view),
    ("/sales/order/view/order_id/<int:order_id>/active_tab/<tab>/", orders.view),
    ("/sales/order/commentsHistory/order_id/<int:order_id>/", orders.comments_history),
    ("/sales/order/commentsHistory/order_id/<int:order_id>/active_tab/<tab>/", orders.comments_history),
    ("/sales/order/addComment/order_id/<int:order_id>/", orders.add_comment, "POST"),
    ("/sales/order/cancel/order_id/<int:order_id>/", orders.cancel, "POST"),
    ("/sales/order/hold/order_id/<int:order_id>/", orders.hold, "POST"),
    ("/sales/order/unhold/order_id/<int:order_id>/", orders.unhold, "POST"),
    ("/sales/order/email/order_id/<int:order_id>/", orders.email, "POST"),
    ("/sales/order/closeLogin/order_id/<int:order_id>/", orders.close_login, "POST"),
    ("/sales/order/massCancel/", orders.mass_cancel, "POST"),
    ("/sales/order/massHold/", orders.mass_hold, "POST"),
    ("/sales/order/massUnhold/", orders.mass_unhold, "POST"),
    ("/sales/order/address/address_id/<int:address_id>/", orders.address),
    ("/sales/order/addressSave/address_id/<int:address_id>/", orders.save_address, "POST"),
    ("/sales/order_create/start/", order_create.start),
    ("/sales/order_create/start/customer_id/<int:customer_id>/", order_create.start),
    ("/sales/order_create/index/", order_create.form),
    ("/sales/order_create/reorder/order_id/<int:order_id>/", order_create.reorder),
    ("/sales/order_create/save/", order_create.save, "POST"),
    ("/sales/order_edit/start/order_id/<int:order_id>/", order_create.edit, "POST"),
    (f"{_INVOICE}/start/order_id/<int:order_id>/", documents.start_invoice),
    (f"{_INVOICE}/new/order_id/<int:order_id>/", documents.new_invoice),
    (f"{_INVOICE}/save/order_id/<int:order_id>/", documents.save_invoice, "POST"),
    ("/sales/invoice/view/invoice_id/<int:invoice_id>/", documents.invoice),
    (f"{_INVOICE}/view/invoice_id/<int:invoice_id>/", documents.invoice),
    (f"{_SHIPMENT}/start/order_id/<int:order_id>/", documents.start_shipment),
    (f"{_SHIPMENT}/new/order_id/<int:order_id>/", documents.new_shipment),
    (f"{_SHIPMENT}/save/order_id/<int:order_id>/", documents.save_shipment, "POST"),
    ("/sales/shipment/view/shipment_id/<int:shipment_id>/", documents.shipment),
    (f"{_SHIPMENT}/view/shipment_id/<int:shipment_id>/", documents.shipment),
    (f"{_SHIPMENT}/addTrack/shipment_id/<int:shipment_id>/", documents.add_track, "POST"),
    (f"{_SHIPMENT}/removeTrack/shipment_id/<int:shipment_id>/track_id/<int:track_id>/", documents.remove_track, "POST"),
    (f"{_MEMO}/start/order_id/<int:order_id>/", documents.start_memo),
    (f"{_MEMO}/new/order_id/<int:order_id>/", documents.new_creditmemo),
    (f"{_MEMO}/save/order_id/<int:order_id>/", documents.save_creditmemo, "POST"),
    ("/sales/creditmemo/view/creditmemo_id/<int:creditmemo_id>/", documents.creditmemo),
    (f"{_MEMO}/view/creditmemo_id/<int:creditmemo_id>/", documents.creditmemo),
    ("/sales/order_<any(invoice, shipment, creditmemo):kind>/addComment/<any(invoice_id, shipment_id, creditmemo_id):of>/<int:document_id>/",
     documents.add_comment, "POST"),
    # Catalog
    (f"{_PRODUCT}/edit/id/<int:product_id>/", products.edit),
    (f"{_PRODUCT}/new/set/<int:attribute_set_id>/type/<type>/", products.new),
    (f"{_PRODUCT}/save/id/<int:product_id>/{_SAVED}", products.save, "POST"),
    (f"{_PRODUCT}/save/{_SAVED}", products.create, "POST"),
    (f"{_PRODUCT}/variants/id/<int:product_id>/", variants.remove_variant, "POST"),
    (f"{_PRODUCT}/configurations/id/<int:product_id>/", configurations.wizard),
    (f"{_PRODUCT}/configurations/id/<int:product_id>/create/", configurations.create_option, "POST"),
    (f"{_PRODUCT}/configurations/id/<int:product_id>/select/", configurations.select),
    (f"{_PRODUCT}/massDelete/", products.mass_delete, "POST"),
    (f"{_PRODUCT}/massStatus/", products.mass_status, "POST"),
    ("/catalog/category/", categories.edit),
    ("/catalog/category/index/", categories.edit),
    ("/catalog/category/edit/id/<int:category_id>/", categories.edit),
    ("/catalog/category/add/", categories.add),
    ("/catalog/category/save/", categories.save, "POST"),
    ("/catalog/product_attribute/edit/attribute_id/<int:attribute_id>/", attributes.edit),
    ("/catalog/product_attribute/save/attribute_id/<int:attribute_id>/", attributes.save, "POST"),
    # Customers
    ("/customer/", customers.to_list),
    ("/customer/index/new/", customers.new),
    ("/customer/index/edit/id/<int:customer_id>/", customers.edit),
    ("/customer/index/edit/id/<int:customer_id>/active_tab/<tab>/", customers.edit),
    ("/customer/index/save/", customers.save, "POST"),
    ("/customer/index/delete/id/<int:customer_id>/", customers.delete, "POST"),
    ("/customer/index/massDelete/", customers.mass_delete, "POST"),
    ("/customer/index/massSubscribe/", customers.mass_subscribe, "POST"),
    ("/customer/index/massUnsubscribe/", customers.mass_unsubscribe, "POST"),
    ("/customer/group/edit/id/<int:group_id>/", system.group),
    # Marketing
    ("/review/product/edit/id/<int:review_id>/", reviews.edit),
    ("/review/product/edit/id/<int:review_id>/ret/<ret>/", reviews.edit),
    ("/review/product/save/id/<int:review_id>/", reviews.save, "POST"),
    ("/review/product/delete/id/<int:review_id>/", reviews.delete, "POST"),
    ("/review/product/new/", reviews.new),
    ("/review/product/post/", reviews.create, "POST"),
    ("/search/term/edit/id/<int:term_id>/", terms.edit),
    ("/search/term/new/", terms.edit),
    ("/search/term/save/", terms.save, "POST"),
    ("/search/term/delete/id/<int:term_id>/", terms.delete, "POST"),
    ("/sales_rule/promo_quote/edit/id/<int:rule_id>/", system.cart_rule),
    ("/catalog_rule/promo_catalog/edit/id/<int:rule_id>/", system.catalog_rule),
    # Content
    ("/cms/page/edit/page_id/<int:page_id>/", content.edit_page),
    ("/cms/page/new/", content.edit_page),
    ("/cms/page/save/", content.save_page, "POST"),
    ("/cms/page/save/back/edit/", content.save_page, "POST"),
    ("/cms/page/delete/page_id/<int:page_id>/", content.delete_page, "POST"),
    ("/cms/page/massDelete/", content.delete_pages, "POST"),
    ("/cms/page/massEnable/", content.enable_pages, "POST"),
    ("/cms/page/massDisable/", content.disable_pages, "POST"),
    ("/cms/block/edit/block_id/<int:block_id>/", content.edit_block),
    ("/cms/block/new/", content.edit_block),
    ("/cms/block/save/", content.save_block, "POST"),
    ("/cms/block/save/block_id/<int:block_id>/", content.save_block, "POST"),
    ("/cms/block/delete/block_id/<int:block_id>/", content.delete_block, "POST"),
    ("/cms/block/massDelete/", content.delete_blocks, "POST"),
    ("/cms/block/massEnable/", content.enable_blocks, "POST"),
    ("/cms/block/massDisable/", content.disable_blocks, "POST"),
    ("/admin/system_design_theme/edit/id/<int:theme_id>/", content.theme),
    # Reports
    ("/reports/report_search/", reports.search_terms),
    ("/reports/report_product/lowstock/", reports.low_stock),
    ("/reports/report_review/customer/", reports.reviews_by_customer),
    ("/reports/report_review/product/", reports.reviews_by_product),
    ("/reports/report_statistics/", reports.statistics),
    ("/reports/report_statistics/refreshRecent/", reports.refresh_recent, "POST"),
]  # fmt: skip

_FRONT: list[Route] = [
    ("/", storefront.home),
    ("/catalogsearch/result/", storefront.search),
    ("/catalogsearch/result/index/", storefront.search),
    ("/catalog/product/view/id/<int:product_id>/", storefront.product_by_id),
    ("/review/product/post/id/<int:product_id>/", storefront.post_review, "POST"),
    ("/media/catalog/product/<int:product_id>.svg", storefront.picture),
    ("/media/theme/preview/<int:theme_id>.svg", storefront.theme_preview),
    ("/static/<name>", storefront.static_file),
    ("/favicon.ico", storefront.favicon),
    ("/<path:path>", storefront.rewrite),
    ("/<path:path>", storefront.fallback, "POST PUT PATCH DELETE"),
]


def _with_index(path: str) -> tuple[str, ...]:
    """A page's address with and without the action that Magento fills in."""
    if path.endswith("/index/"):
        return path, path.removesuffix("index/")
    return (path, f"{path}index/") if path.count("/") == 3 else (path,)


def _listed() -> list[Route]:
    """The routes of the pages that tables describe: grids old and new, reports, lists."""
    found: list[Route] = []
    for shown in grid_pages.GRIDS:
        found += [(path, grid_pages.page_of(shown)) for path in _with_index(shown.path)]
    for old in legacy_pages.PAGES:
        handler = legacy.page_of(old)
        found += [(path, handler) for path in _with_index(old.path)]
        stated = old.path if old.path.count("/") == 4 else f"{old.path}index/"
        found.append((f"{stated}<path:segments>/", handler))
        if old.mass:
            found.append((f"{old.path}mass/", legacy.mass_of(old), "POST"))
    for report in reports.REPORTS:
        handler = reports.page_of(report)
        found += [(report.path, handler), (f"{report.path}filter/<path:packed>/", handler)]
        found.append((f"{report.path}export/", reports.export_of(report)))
    for listed in system.PAGES:
        found += [(path, system.page_of(listed)) for path in _with_index(listed.path)]
    return found


def routes() -> list[Route]:
    """The whole table."""
    admin: list[Route] = [
        *_ADMIN,
        *_listed(),
        ("/<path:path>", system.unknown),
        ("/<path:path>", system.unknown, "POST PUT PATCH DELETE"),
    ]
    return [*((BASE + rule, *rest) for rule, *rest in admin), *_FRONT]  # type: ignore[misc]


@functools.cache
def app() -> Flask:
    """The one app of this process; it holds no state."""
    table = [(rule.replace("<int:", f"<int(max={HIGHEST_ID}):"), *rest) for rule, *rest in routes()]
    made = make_app("shopping_admin", FOLDER, table)  # type: ignore[arg-type]
    made.jinja_env.filters.update(
        money=money,
        page_time=page_time,
        full_time=full_time,
        day=day,
        review_status=lambda status: REVIEW_STATUSES.get(status, ""),
        payment=lambda code: grid_pages.PAYMENTS.get(code, code),
    )
    made.after_request(session_cookie(SESSION_COOKIE))
    made.wsgi_app = _without_key(made.wsgi_app)  # type: ignore[method-assign]
    return made


def _without_key(inner: Wsgi) -> Wsgi:
    """``inner`` for addresses below the admin's base without the secret key that may stand at their end."""

    def outer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        head, key, tail = environ.get("PATH_INFO", "").rstrip("/").rpartition("/key/")
        if key and head.startswith(BASE) and "/" not in tail:
            environ = {**environ, "PATH_INFO": f"{head}/"}
        return inner(environ, start_response)

    return outer
