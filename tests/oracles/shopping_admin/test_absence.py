from __future__ import annotations

from ..absence import AbsenceChecks


class TestShoppingAdminAbsence(AbsenceChecks):
    site = "shopping_admin"
    nothing_found = (27, 51, 59)
    looks = (
        (27, "/review/product/index/"),
        (27, "/review/product/edit/id/"),
        (51, "/review/product/edit/id/"),
        (59, "/review/product/edit/id/"),
        (114, "/sales/order/view/"),
    )
    repeats = ()
    # Stores of other facts, with unhappy customers and without a refusal, are where these tasks find something.
    test_what_a_page_says_is_repeated = None  # type: ignore[assignment]
