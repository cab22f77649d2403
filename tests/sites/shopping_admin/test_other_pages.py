"""Reports, reviews, search terms, CMS pages, customers, the storefront, and what the menu leads to."""

from __future__ import annotations

import base64

import pytest

from webarena_gym.sites.shopping_admin.navigation import MENU
from webarena_gym.sites.shopping_admin.routes.reports import REPORTS

from .clerk import Clerk

# --- the menu and the dashboard ---


def test_every_entry_of_the_menu_is_a_page_that_names_its_place(clerk: Clerk):
    for place in MENU:
        for group in place.groups:
            for entry in group.entries:
                clerk.open(entry.path)
                assert clerk.path == entry.url and clerk.names("heading")
                assert place.label in clerk.title, entry.url


def test_the_menu_opens_and_closes_where_it_is(clerk: Clerk):
    clerk.open("/cms/page/").follow("Marketing")
    assert clerk.path == "/admin/cms/page/" and "All Reviews" in clerk.names("link")
    clerk.follow("Close")
    assert clerk.url == "/admin/cms/page/" and "All Reviews" not in clerk.names("link")
    clerk.follow("Reports").follow("Bestsellers")
    assert clerk.path == "/admin/reports/report_sales/bestsellers/"


def test_the_dashboard_lists_what_is_new(clerk: Clerk):
    clerk.open("/admin/dashboard/")
    assert clerk.css(".dashboard-item")[3].startswith("Last Search Terms") and "nike" in clerk.css(".dashboard-item")[3]
    assert "nike" not in clerk.css(".dashboard-item")[4]  # the most used ones that find something
    assert "Sarah Miller5$219.40" in clerk.css(".dashboard-item tr")
    clerk.click("tab", "Customers")
    assert clerk.names("text").count("Average") == 1 and clerk.path == "/admin/admin/dashboard/customersMost/"


# --- reports ---


def shown(clerk: Clerk, path: str, first: str, last: str, period: str = "Month") -> Clerk:
    clerk.open(path).fill("From", first).fill("To", last)
    return clerk.choose("Period", period).press("Show Report")


def test_the_best_sellers_of_a_month(clerk: Clerk):
    shown(clerk, "/reports/report_sales/bestsellers/", "1/1/2023", "1/31/2023")
    assert [row[1:] for row in clerk.rows()][:1] == [["Impulse Duffle", "$74.00", "4"]]
    assert len(clerk.rows()) == 5 and {row[0] for row in clerk.rows()} == {"1/2023"}


@pytest.mark.parametrize("typed", [("02/1/2023", "02/28/2023"), ("2/1/23", "2/28/23"), ("2023-02-01", "2023-02-28")])
def test_days_are_shown_again_in_one_way_and_packed_as_typed(clerk: Clerk, typed: tuple[str, str]):
    shown(clerk, "/reports/report_sales/sales/", *typed, period="Day")
    assert clerk.value("from") == "2/1/23" and clerk.value("to") == "2/28/23"
    *_, packed = clerk.path.strip("/").split("/")
    assert f"from={typed[0]}".replace("/", "%2F") in base64.b64decode(packed).decode()


def test_empty_rows_and_totals(clerk: Clerk):
    clerk.open("/reports/report_sales/sales/").choose("Empty Rows", "Yes")
    clerk.choose("Show Actual Values", "Yes").fill("From", "1/1/22").fill("To", "1/3/22").press("Show Report")
    assert [row[:2] for row in clerk.rows()] == [["Jan 1, 2022", "0"], ["Jan 2, 2022", "1"], ["Jan 3, 2022", "1"]]
    assert clerk.rows()[1][4] == "$36.39" == clerk.rows()[1][10]  # invoiced, and paid: invoice 1
    assert clerk.css("tfoot td")[3] == "$76.03"  # 36.39 + 39.64


def test_chosen_statuses_limit_a_report(clerk: Clerk):
    path = "/reports/report_sales/sales/?period_type=year&from=1/1/22&to=12/31/22&show_order_statuses=1"
    assert clerk.open(f"{path}&order_statuses=closed").rows()[0][1] == "1"
    both = int(clerk.open(f"{path}&order_statuses=closed&order_statuses=complete").rows()[0][1])
    assert both == 116  # 11 + 16 + 14 + 7 + 8 + 13 + 9 + 8 + 10 + 4 + 5 + 10 complete ones, and the closed one


@pytest.mark.parametrize(
    ("first", "last"), [("soon", "later"), ("2/1/23", ""), ("2/2/23", "2/1/23"), ("1/1/1900", "1/1/2100")]
)
def test_days_that_make_no_report_are_told(clerk: Clerk, first: str, last: str):
    shown(clerk, "/reports/report_sales/sales/", first, last)
    assert clerk.css(".message-error") and clerk.column(0) == []


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.title)
def test_every_report_has_rows_that_add_up(clerk: Clerk, report):
    names = "period_type" if report.sales else "report_period"
    clerk.open(f"{report.path}?from=1/1/2022&to=12/31/2023&{names}=month&report_type=created_at_order")
    rows, totals = clerk.rows(), clerk.css("tfoot td")
    for index, column in enumerate(report.columns):
        if column.total:
            numbers = [round(float(row[index + 1].strip("-").replace("$", "").replace(",", "")) * 100) for row in rows]
            assert sum(numbers) == round(float(totals[index].replace("$", "").replace(",", "")) * 100), column.label
    assert rows


def test_a_report_is_exported_as_it_is_shown(clerk: Clerk):
    shown(clerk, "/reports/report_sales/bestsellers/", "1/1/2023", "1/31/2023").press("Export")
    assert clerk.text.splitlines()[:2] == ["Interval,Product,Price,Order Quantity", "1/2023,Impulse Duffle,$74.00,4"]
    shown(clerk, "/reports/report_sales/bestsellers/", "1/1/2023", "1/31/2023").choose("Export to:", "Excel XML").press(
        "Export"
    )
    assert clerk.text.count("<Row>") == 6 and '<Data ss:Type="String">Impulse Duffle</Data>' in clerk.text


def test_low_stock(clerk: Clerk):
    clerk.open("/reports/report_product/lowstock/")
    assert ["Cronus Yoga Pant -33-Blue", "MP12-33-Blue", "0", "default"] in clerk.rows()
    clerk.fill("Quantity up to", "0").press("Search")
    assert len(clerk.rows()) == 1


# --- reviews, terms, content ---


def test_a_review_is_approved_and_then_seen_in_the_store(clerk: Clerk):
    clerk.open("/review/product/edit/id/352/").choose("Status", "Approved").fill("Summary of Review", "So soft").press(
        "Save Review"
    )
    assert clerk.messages() == ["You saved the review."] and clerk.path == "/admin/review/product/index/"
    assert "So soft" in clerk.open("//selene-yoga-hoodie.html").text


def test_one_review_after_the_other(clerk: Clerk):
    clerk.open("/review/product/edit/id/351/").press("Previous")
    assert clerk.path == "/admin/review/product/edit/id/352/"
    clerk.choose("Status", "Not Approved").press("Save and Next")
    assert clerk.path == "/admin/review/product/edit/id/351/" and clerk.store.reviews.review(352).status == 3
    clerk.press("Next")
    assert clerk.path == "/admin/review/product/edit/id/350/"


def test_a_review_is_deleted_after_a_question(clerk: Clerk):
    clerk.open("/review/product/edit/id/351/").press("Delete Review").press("OK")
    assert clerk.messages() == ["The review has been deleted."]
    assert "Rating isn't Available" in clerk.open("/review/product/edit/id/351/").text


def test_a_visitor_of_the_store_writes_a_review_that_waits(clerk: Clerk):
    clerk.open("//selene-yoga-hoodie.html").check("2 stars", role="radio").fill("Nickname", "Ann").fill(
        "Summary", "Thin"
    )
    clerk.fill("Review", "See-through").press("Submit Review")
    assert clerk.css(".message") == ["You submitted your review for moderation."] and "See-through" not in clerk.text
    assert clerk.open("/review/product/pending/").column(3)[0] == "Thin"


def test_a_guests_review_names_no_customer(clerk: Clerk):
    assert "Author Guest" in clerk.open("/review/product/edit/id/280/").text
    assert "sean.miller@gmail.com" in clerk.open("/review/product/edit/id/349/").text


def test_a_search_in_the_store_is_counted(clerk: Clerk):
    clerk.open("//").fill("Search", "hollister", enter=True)
    assert "Hollister Backyard Sweatshirt" in clerk.text
    assert clerk.open("/search/term/edit/id/11/").value("popularity") == "20"


def test_a_search_term_is_changed_and_deleted(clerk: Clerk):
    clerk.open("/search/term/edit/id/11/").fill("Search Query", "backyard").press("Save Search")
    assert "backyard" in clerk.column(1)
    clerk.open("/search/term/edit/id/11/").press("Delete Search").press("OK")
    assert "backyard" not in clerk.column(1)


def test_a_page_gets_another_title(clerk: Clerk):
    clerk.open("/cms/page/").press("Select", nth=2).follow("Edit")  # the first one is of the pager
    clerk.fill("Page Title", "Welcome!").press("Save")
    assert clerk.messages() == ["You saved the page."] and clerk.path == "/admin/cms/page/edit/page_id/2/"
    assert clerk.value("title") == "Welcome!" and clerk.open("//").title == "Welcome!"


def test_a_page_is_disabled_made_and_deleted(clerk: Clerk):
    clerk.open("/cms/page/edit/page_id/5/").uncheck("Enable Page").press("Save")
    assert clerk.engine.client().get("http://admin.test/about-us").status == 404
    clerk.open("/cms/page/new/").fill("Page Title", "Size guide").fill("Content", "<p>Take one up.</p>").press("Save")
    assert "Take one up." in clerk.open("//size-guide").text
    clerk.open("/cms/page/").fill("Search by keyword", "size", enter=True).press("Select", nth=1).follow(
        "Delete"
    ).press("OK")
    assert (
        clerk.messages() == ["The page has been deleted."]
        and clerk.engine.client().get("http://admin.test/size-guide").status == 404
    )


def test_blocks(clerk: Clerk):
    clerk.open("/cms/block/new/").fill("Block Title", "Hours").fill("Identifier", "hours").press("Save")
    assert clerk.messages() == ["You saved the block."] and "hours" in clerk.open("/cms/block/").text


def test_themes(clerk: Clerk):
    clerk.open("/admin/system_design_theme/").follow("View")
    assert clerk.path == "/admin/admin/system_design_theme/edit/id/1/" and "Magento/blank" in clerk.text


# --- customers ---


def test_a_customer_is_found_by_phone(clerk: Clerk):
    clerk.open("/customer/index/").press("Filters").fill("Phone", "8015551212").press("Apply Filters").follow("Edit")
    assert clerk.names("heading") == ["Sean Miller"] and "sean.miller@gmail.com" in clerk.text


def test_the_parts_of_a_customer(clerk: Clerk):
    clerk.open("/customer/index/edit/id/16/").follow("Account Information").fill("First Name", "Shawn").press(
        "Save Customer"
    )
    assert clerk.messages() == ["You saved the customer."] and clerk.names("heading") == ["Shawn Miller"]
    clerk.follow("Addresses").press("Add New Address").fill("Street Address", "1 Elm St").fill("City", "Reno")
    clerk.choose("State/Province", "Nevada").fill("Zip/Postal Code", "89501").fill("Phone Number", "1").press(
        "Save Customer"
    )
    assert "Reno" in clerk.text
    assert "000000305" in clerk.follow("Orders", nth=0).text
    clerk.follow("Newsletter").check("Subscribed to Newsletter").press("Save Customer")
    assert "sean.miller@gmail.com" in clerk.open("/newsletter/subscriber/").text


def test_a_customer_is_made_and_deleted(clerk: Clerk):
    clerk.open("/customer/index/").press("Add New Customer").fill("First Name", "Ann").fill("Last Name", "Lee")
    clerk.fill("Email", "ann@example.com").press("Save Customer")
    assert clerk.messages() == ["You saved the customer."] and clerk.names("heading") == ["Ann Lee"]
    clerk.press("Delete Customer").press("OK")
    assert (
        clerk.messages() == ["You deleted the customer."] and clerk.store.customers.by_email("ann@example.com") is None
    )


def test_an_email_belongs_to_one_customer(clerk: Clerk):
    clerk.open("/customer/index/edit/id/16/active_tab/account/").fill("Email", "amanda.kim@gmail.com").press(
        "Save Customer"
    )
    assert "already exists" in clerk.messages()[0]


# --- the storefront ---


def test_categories_list_sort_and_page(clerk: Clerk):
    clerk.open("//").follow("Gear").follow("Bags")
    assert "Joust Duffle Bag" in clerk.text
    clerk.choose("Sort By", "Price").check("Descending").press("Sort")
    prices = [float(text.split("$")[1]) for text in clerk.css(".price")]
    assert prices == sorted(prices, reverse=True)
    clerk.press("Page 2")
    assert clerk.css(".product-item-name")


def test_what_is_hidden_from_the_store_is_not_found(clerk: Clerk):
    variant = clerk.store.products.variants(110)[0]
    for path in (
        f"/{variant.url_key}.html",
        f"/catalog/product/view/id/{variant.id}/",
        "/no-route",
        "/../../etc/passwd",
    ):
        assert clerk.engine.client().get(f"http://admin.test{path}").status == 404
