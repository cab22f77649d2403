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
    # What reviews say is changed in the facts: see EXPECTED for 27, 51, 59 and 114.
    repeats = ()
