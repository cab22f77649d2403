"""The requests that the real admin's scripts would send, judged by webarena-verified's own evaluators."""

from __future__ import annotations

from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from webarena_gym.types import NetworkEvent

from .clerk import Clerk
from .test_product_pages import configurations, product


def fields(event: NetworkEvent) -> dict[str, str]:
    return dict(parse_qsl(event.body, keep_blank_values=True))


@pytest.mark.parametrize(
    ("task", "path"), [(157, "/customer/index/"), (374, "/admin/system_design_theme/edit/id/1")]
)  # fmt: skip
def test_pages_to_go_to_are_accepted(clerk: Clerk, judge, task: int, path: str):
    clerk.open(path)
    assert judge(task, clerk, "navigate")
    clerk.open("/sales/order/")
    assert not judge(task, clerk, "navigate")


def test_opening_a_menu_is_no_request(clerk: Clerk, judge):
    clerk.open("/customer/index/").follow("Reports").press("Filters")
    assert judge(157, clerk, "navigate")


@pytest.mark.parametrize(
    ("task", "path", "days"),
    [(704, "/reports/report_sales/sales/", ("02/1/2023", "02/28/2023")), (704, "/reports/report_sales/sales/", ("2/1/23", "2/28/23")),
     (710, "/reports/report_sales/shipping/", ("08/5/2022", "03/1/2023"))],
)  # fmt: skip
def test_reports_are_one_request_with_the_form_packed(clerk: Clerk, judge, task: int, path: str, days: tuple[str, str]):
    clerk.open(path).fill("From", days[0]).fill("To", days[1]).press("Show Report")
    assert judge(task, clerk, "navigate")
    clerk.fill("To", "4/1/2023").press("Show Report")
    assert not judge(task, clerk, "navigate")


def test_disabling_a_product(clerk: Clerk, judge):
    product(clerk, 478).press("Save")
    assert not judge(454, clerk)
    clerk.uncheck("Enable Product").press("Save")
    assert judge(454, clerk)


@pytest.mark.parametrize("typed", ["27", "27.00", "$27"])
def test_a_price_is_sent_with_two_decimals(clerk: Clerk, judge, typed: str):
    product(clerk, 1481).fill("Price", typed).press("Save")
    assert judge(458, clerk)


def test_a_short_description(clerk: Clerk, judge):
    product(clerk, 1796).fill("Short Description", "<p>1 customer(s) love it!</p>").press("Save")
    assert judge(464, clerk)


def test_stock(clerk: Clerk, judge):
    product(clerk, 1861).choose("Stock Status", "Out of Stock").press("Save")
    assert judge(505, clerk)
    product(clerk, 872).fill("Quantity", "5").choose("Stock Status", "In Stock").press("Save")
    assert judge(768, clerk)


def test_canceling_an_order(clerk: Clerk, judge):
    clerk.open("/sales/order/view/order_id/302/").press("Cancel")
    assert not judge(470, clerk)
    clerk.press("OK")
    assert judge(470, clerk)


def test_the_title_of_a_page(clerk: Clerk, judge):
    clerk.open("/cms/page/edit/page_id/2/").fill("Page Title", "This is the home page!! Leave here!!").press("Save")
    assert judge(488, clerk)


def test_a_shipment_names_its_carrier(clerk: Clerk, judge):
    clerk.open("/admin/order_shipment/new/order_id/307/").press("Add Tracking Number").choose("Carrier", "DHL")
    clerk.fill("Number", "24353446464").press("Submit Shipment")
    assert judge(497, clerk)
    (event,) = clerk.sent()
    assert fields(event)["tracking[1][title]"] == "DHL"


def test_an_address_is_sent_with_the_name_of_its_state(clerk: Clerk, judge):
    clerk.open("/sales/order/address/address_id/598/").fill("Street Address", "456 Oak Avenue")
    clerk.fill("Street Address Line 2", "Apartment 5B").fill("City", "New York").choose("State/Province", "New York")
    clerk.fill("Zip/Postal Code", "10001").press("Save Order Address")
    assert judge(538, clerk)


def test_a_new_option_and_two_new_variants(clerk: Clerk, judge):
    clerk.open("/catalog/product_attribute/edit/attribute_id/93/").fill("New value", "Blue").press("Save Attribute")
    configurations(clerk).check("Blue").check("S").check("M").press("Next").press("Next").press("Generate Products")
    assert not judge(548, clerk)
    clerk.press("Save")
    assert judge(548, clerk)


def test_a_grid_fetches_its_rows_by_script(clerk: Clerk):
    clerk.open("/sales/order/").press("Filters").choose("Status", "Canceled").press("Apply Filters")
    (call,) = [event for event in clerk.sent("GET") if "/mui/index/render/" in event.url]
    query = parse_qs(urlsplit(call.url).query, keep_blank_values=True)
    assert query["namespace"] == ["sales_order_grid"] and query["filters[status]"] == ["canceled"]
    assert (
        query["filters[placeholder]"] == ["true"] and query["search"] == [""] and query["keywordUpdated"] == ["false"]
    )
    assert dict(call.headers)["referer"] == "http://admin.test/admin/sales/order/" and not call.navigation


def test_a_comment_is_a_script_call(clerk: Clerk):
    clerk.open("/sales/order/view/order_id/299/").fill("Comment", "x").press("Submit Comment")
    (call,) = clerk.sent()
    assert call.url.endswith("/sales/order/addComment/order_id/299") and call.status == 200
    assert (
        "We cannot add order history." in call.response_body
        and dict(call.headers)["x-requested-with"] == "XMLHttpRequest"
    )


def test_what_stands_for_the_wizards_scripts_is_no_request(clerk: Clerk):
    configurations(clerk).check("Blue").check("S").press("Next").press("Next")
    pages = [event.url for event in clerk.sent("GET")]
    assert not [url for url in pages if "configurations" in url]


def test_pictures_and_style_sheets_are_no_events(clerk: Clerk):
    before = len(clerk.world.events)
    for path in ("/static/admin.css", "/media/catalog/product/110.svg", "/media/theme/preview/1.svg", "/favicon.ico"):
        assert clerk.engine.client().get(f"http://admin.test{path}").status == 200
    assert len(clerk.world.events) == before
