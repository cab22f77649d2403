"""The grids: filters, keywords, order, pages, columns, ticked rows, and that they are found as they were left."""

from __future__ import annotations

import pytest

from webarena_gym.sites.shopping_admin.routes.grid_pages import GRIDS
from webarena_gym.sites.shopping_admin.routes.legacy_pages import PAGES

from .clerk import Clerk


def filtered(clerk: Clerk, path: str) -> Clerk:
    return clerk.open(path).press("Filters")


def test_a_status_filter_shows_a_chip_and_keeps_the_address(clerk: Clerk):
    filtered(clerk, "/sales/order/").choose("Status", "Canceled").press("Apply Filters")
    assert clerk.url == "/admin/sales/order/"
    assert clerk.css("div.admin__data-grid-filters-current") == ["Active filters: Status: Canceled Remove Clear all"]
    assert set(clerk.column(8)) == {"Canceled"}


def test_without_filters_the_chips_are_empty(clerk: Clerk):
    assert clerk.open("/sales/order/").css("div.admin__data-grid-filters-current") == [""]


def test_filters_are_remembered_until_they_are_removed(clerk: Clerk):
    filtered(clerk, "/sales/order/").choose("Status", "Pending").fill("Bill-to Name", "jane doe").press("Apply Filters")
    clerk.open("/customer/index/").open("/sales/order/")
    assert clerk.column(1) == ["000000302"]
    clerk.press("Remove")
    assert len(clerk.rows()) > 1 and len(clerk.css(".admin__current-filters-list li")) == 1
    clerk.press("Clear all")
    assert "308 records found" in clerk.text


def test_a_range_of_days_is_typed_as_people_type_days(clerk: Clerk):
    filtered(clerk, "/sales/order/").fill("Purchase Date from", "5/22/2023").fill("Purchase Date to", "05/24/23")
    clerk.press("Apply Filters")
    assert sorted(clerk.column(1)) == ["000000125", "000000136", "000000230"]


def test_a_keyword_finds_names(clerk: Clerk):
    clerk.open("/customer/index/").fill("Search by keyword", "sean", enter=True)
    assert [(row[2], row[5]) for row in clerk.rows()] == [("Sean Miller", "8015551212")]
    assert "Keyword: sean" in clerk.text


def test_the_search_in_the_head_hands_its_word_over_and_leaves_the_grid_alone(clerk: Clerk):
    clerk.fill("Global Search", "cronus", enter=True).follow('"cronus" in Products')
    assert all("Cronus" in name for name in clerk.column(3)) and clerk.rows()
    assert "Keyword: cronus" in clerk.text
    assert "Keyword" not in clerk.open("/catalog/product/").text and len(clerk.rows()) == 20


def test_a_heading_sorts_and_sorts_the_other_way(clerk: Clerk):
    clerk.open("/sales/order/").press("Purchase Date")
    assert clerk.column(1)[0] == "000000001"
    clerk.press("↑ Purchase Date")
    assert clerk.column(1)[:4] == ["000000299", "000000065", "000000125", "000000136"]


def test_pages_and_sizes(clerk: Clerk):
    clerk.open("/sales/order/").press("Next Page")
    assert clerk.column(1)[0] == "000000288" and len(clerk.rows()) == 20
    clerk.fill("per page", "50").press("Select")
    assert clerk.column(1)[0] == "000000308" and len(clerk.rows()) == 50
    clerk.fill("of 7", "7", role="spinbutton", enter=True)
    assert len(clerk.rows()) == 8  # 308 = 6 * 50 + 8
    clerk.press("Select").press("200")
    assert len(clerk.rows()) == 200 and "of 2" in clerk.names("spinbutton")


def test_columns_are_chosen(clerk: Clerk):
    clerk.open("/sales/order/").press("Columns").check("Customer Email").uncheck("Purchase Point").press("Apply")
    clerk.open("/sales/order/")
    assert "Customer Email" in clerk.names("button") and "Purchase Point" not in clerk.text
    assert "avidreader99@yahoo.com" in clerk.rows()[0]
    clerk.press("Default View").press("Default View", nth=1)
    assert "Customer Email" not in clerk.names("button")


def test_views_are_saved_under_a_name(clerk: Clerk):
    filtered(clerk, "/sales/order/").choose("Status", "Canceled").press("Apply Filters").press("Purchase Date")
    clerk.press("Default View").fill("Name of the view", "Lost ones").press("Save View As...")
    clerk.open("/sales/order/").press("Clear all").press("Lost ones").press("Default View")
    assert clerk.column(1)[0] == "000000308" and "Default View" in clerk.names("button")
    clerk.press("Default View").press("Lost ones")
    assert set(clerk.column(8)) == {"Canceled"} and "↑ Purchase Date" in clerk.names("button")
    clerk.press("Lost ones").press("Delete Lost ones")
    assert clerk.names("button").count("Lost ones") == 0


def test_ticked_rows_are_held_and_released(clerk: Clerk):
    clerk.open("/sales/order/").check("000000302").check("000000303").press("Actions").press("Hold").press("OK")
    assert clerk.messages() == ["You have put 2 order(s) on hold."]
    assert [clerk.store.orders.order(number).status for number in (302, 303, 304)] == ["holded", "holded", "pending"]
    clerk.press("Options").press("Select All on This Page").press("Actions").press("Unhold").press("OK")
    assert clerk.messages() == ["2 order(s) have been released from on hold status.", "18 order(s) were not released from on hold status."]  # fmt: skip


def test_all_rows_that_a_filter_lets_through_are_ticked_at_once(clerk: Clerk):
    clerk.open("/catalog/product/").fill("Search by keyword", "MP12-33", enter=True).press("Options").press(
        "Select All"
    )
    assert "3 selected" in clerk.text
    clerk.press("Actions").press("Change status: Disable").press("OK")
    assert clerk.messages() == ["A total of 3 record(s) have been updated."]
    assert set(clerk.column(11)) == {"Disabled"}


def test_asking_and_not_doing_changes_nothing(clerk: Clerk):
    clerk.open("/sales/order/").check("000000302").press("Actions").press("Cancel").press("Cancel", nth=0)
    assert clerk.store.orders.order(302).status == "pending"


def test_rows_are_exported_as_the_grid_shows_them(clerk: Clerk):
    filtered(clerk, "/customer/index/").fill("Phone", "8015551212").press("Apply Filters").press("Export").press("CSV")
    assert (
        clerk.text.startswith("ID,Name,Email,Group,Phone")
        and "16,Sean Miller,sean.miller@gmail.com,General,8015551212" in clerk.text
    )


@pytest.mark.parametrize("shown", GRIDS, ids=lambda shown: shown.namespace)
def test_every_grid_filters_sorts_and_shows_each_of_its_columns(clerk: Clerk, shown):
    clerk.open(shown.path).press("Columns")
    for name in shown.hidden:
        clerk.check(shown.label(shown.grid(clerk.store).columns[name]))
    clerk.press("Apply").press("Filters")
    fields = [node for node in clerk.nodes if node.role == "textbox" and node.name not in ("Global Search", "Search by keyword", "per page")]  # fmt: skip
    assert len(fields) >= len([name for name in shown.columns if shown.grid(clerk.store).columns[name].kind == "text"])
    first = clerk.rows()
    for name in ("increment_id", "entity_id", "title", "theme_title", "name"):
        if name in shown.columns:
            label = shown.label(shown.grid(clerk.store).columns[name])
            arrow = "↓ " if shown.sort == (name, True) else ""
            clerk.open(shown.path).press(arrow + label)
    assert len(clerk.rows()) == len(first)


@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.path)
def test_every_older_grid_sorts_by_each_of_its_columns(clerk: Clerk, shown):
    clerk.open(shown.path)
    count = len(clerk.rows())
    for name in shown.columns:
        clerk.open(f"{shown.path}?sort={name}&dir=desc")
        assert len(clerk.rows()) == count


def test_reviews_are_filtered_by_their_text(clerk: Clerk):
    clerk.open("/review/product/index/").fill("Filter by Review", "best").press("Search")
    assert sorted(clerk.column(1)) == ["14", "61"]
    assert sorted(clerk.open("/review/product/index/filter/ZGV0YWlsPWJlc3Q=/").column(1)) == ["14", "61"]  # detail=best


def test_reviews_of_a_month(clerk: Clerk):
    clerk.open("/review/product/index/").fill("From", "05/01/2023").fill("To", "05/31/2023").press("Search")
    assert clerk.column(0) == [] and "0 records found" in clerk.text


def test_the_pending_reviews(clerk: Clerk):
    assert sorted(clerk.open("/review/product/pending/").column(1)) == ["347", "349", "351", "352", "353"]


def test_reviews_are_approved_and_deleted_in_bulk(clerk: Clerk):
    clerk.open("/review/product/pending/").check("352").check("353").choose("Mass actions", "Update Status")
    clerk.choose("New status", "Approved").press("Submit")
    assert clerk.messages() == ["A total of 2 record(s) have been updated."]
    assert sorted(clerk.column(1)) == ["347", "349", "351"]
    clerk.check("351").choose("Mass actions", "Delete").press("Submit")
    assert clerk.store.reviews.review(351) is None and clerk.store.reviews.review(352).status == 1


def test_search_terms_by_uses(clerk: Clerk):
    clerk.open("/search/term/index/").follow("Uses").follow("↑ Uses")
    assert [row[1] for row in clerk.rows()][:3] == ["hollister", "Joust Bag", "nike"]
    assert [row[4] for row in clerk.rows()][:3] == ["19", "4", "3"]
