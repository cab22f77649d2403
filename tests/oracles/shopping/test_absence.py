from __future__ import annotations

from ..absence import AbsenceChecks


class TestShoppingAbsence(AbsenceChecks):
    site = "shopping"
    nothing_found = (56, 74, 86, 162)
    looks = (
        (56, "/sales/order/history/"),
        (74, "/contact/"),
        (74, "/privacy-policy"),
        (86, "/catalogsearch/result/"),
        (162, "/sales/order/view/"),
        (162, "/sales/order/history/"),
    )
    repeats = (
        (74, "/contact/", "<p>Call us: (555) 010-4477</p>", "(555) 010-4477"),
        (74, "/privacy-policy", "<p>Questions? 1-800-555-0142</p>", "1-800-555-0142"),
        (86, "/catalogsearch/result/", "<p>Special Price $5.00, Regular Price $9.00</p>", "Special Price $5.00"),
        (86, ".html", "<p>Now $5.00, was $9.00</p>", "was $9.00"),
        (162, "/sales/order/view/", '<p><a href="/x/">Change Shipping Address</a></p>', "Change Shipping Address"),
    )
