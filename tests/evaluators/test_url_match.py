from __future__ import annotations

import pytest

from tests.evaluators.fakes import BASE_URLS, outcome, task
from webarena_gym.evaluators import build_evaluator
from webarena_gym.evaluators.url_match import check_url

SHOP = "http://shopping.test"


def matches(reference: str, url: str) -> bool:
    return all(check.passed for check in check_url(reference.split(" |OR| "), url))


def test_a_trailing_slash_makes_no_difference():
    assert matches(f"{SHOP}/a/b/", f"{SHOP}/a/b")
    assert matches(f"{SHOP}/a/b", f"{SHOP}/a/b/")


def test_a_slash_before_the_query_does():
    assert not matches(f"{SHOP}/-/issues/?q=1", f"{SHOP}/-/issues?q=1")


def test_the_reference_is_contained_in_the_page_address():
    assert matches("http://reddit.test/f/iphone", "http://reddit.test/f/iphone13/1/title")
    assert not matches("http://reddit.test/f/iphone13", "http://reddit.test/f/iphone")


def test_case_host_and_scheme():
    assert not matches("http://reddit.test/f/machinelearning", "http://reddit.test/f/MachineLearning")
    assert not matches("http://reddit.test/f/a", "http://other.test/f/a")
    assert matches("http://reddit.test/f/a", "https://reddit.test/f/a")


def test_query_values_are_decoded_and_extra_keys_allowed():
    assert matches(f"{SHOP}/s/?q=switch+accessories", f"{SHOP}/s/?p=2&q=switch%20accessories")
    assert not matches(f"{SHOP}/s/?q=switch+accessories", f"{SHOP}/s/?q=switch")
    assert not matches(f"{SHOP}/s/?q=switch", f"{SHOP}/s/")
    assert matches(f"{SHOP}/s/?l%5B%5D=question", f"{SHOP}/s/?l[]=bug&l[]=question")


def test_a_fragment_is_no_part_of_the_address():
    assert matches(f"{SHOP}/a?x=1", f"{SHOP}/a?x=1#top")


def test_one_of_several_addresses_is_enough_with_any_of_their_query_values():
    either = f"{SHOP}/a?x=1 |OR| {SHOP}/b?x=2"
    assert matches(either, f"{SHOP}/a?x=1")
    assert matches(either, f"{SHOP}/a?x=2")  # values are pooled, as upstream does
    assert not matches(either, f"{SHOP}/c?x=1")


@pytest.mark.parametrize(
    ("path", "accepted"),
    [
        ("/catalogsearch/result/index/?product_list_order=price&q=chairs&product_list_dir=asc", True),
        ("/catalogsearch/result/index/?q=chairs&product_list_dir=asc&product_list_order=price&p=2", True),
        ("/catalogsearch/result/index/?product_list_order=price&q=chairs", False),
        ("/catalogsearch/result/?product_list_order=price&q=chairs&product_list_dir=asc", False),
        ("/catalogsearch/result/index/?product_list_order=price&q=chairs&product_list_dir=desc", False),
    ],
)
def test_task_77_wants_the_sorted_search(path: str, accepted: bool):
    evaluator = build_evaluator(task(77), base_urls=BASE_URLS)
    assert evaluator.evaluate(outcome("", SHOP + path)).success is accepted
