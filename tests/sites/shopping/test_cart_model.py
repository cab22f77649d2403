"""Any sequence of changes to a cart against a dictionary, and the sums of any order against plain arithmetic."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webarena_gym.sites.shopping.store.cart import MOST_PER_LINE, Visitor
from webarena_gym.sites.shopping.store.customers import Address

EMMA = Visitor(None, 27)
PRODUCTS = (32202, 22490, 104497, 65885)
_HOME = Address(26, "Emma", "Lopez", "", "1", "1 A St\n\n", "B", 12, "California", "94010", "US")

_CHANGES = st.lists(
    st.tuples(
        st.sampled_from(("add", "set")),
        st.sampled_from(PRODUCTS),
        st.one_of(st.integers(1, 9), st.integers(9_990, 10_010)),
        st.sampled_from(({}, {"Size": "8"}, {"Size": "9"})),
    ),
    max_size=25,
)
_ENDLESS = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_ENDLESS
@given(changes=_CHANGES)
def test_a_cart_holds_what_a_dictionary_would(world, changes):
    world.reset()
    carts = world.store("shopping").carts
    model: dict[tuple[int, str], int] = {}
    for change, product, qty, options in changes:
        key = product, str(options)
        if change == "add":
            fits = model.get(key, 0) + qty <= MOST_PER_LINE
            assert carts.add(EMMA, product, qty, options) is fits
            if fits:
                model[key] = model.get(key, 0) + qty
        elif key in model:
            line = next(line for line in carts.of(EMMA).lines if (line.product_id, str(line.options)) == key)
            carts.set_qty(line.id, qty % 3)
            model[key] = qty % 3
            if not model[key]:
                del model[key]
    cart = carts.of(EMMA)
    assert {(line.product_id, str(line.options)): line.qty for line in cart.lines} == model if cart else not model


@_ENDLESS
@given(
    goods=st.dictionaries(st.sampled_from(PRODUCTS), st.integers(1, 50), min_size=1),
    code=st.sampled_from(("", "PANTRY15", "HELLO10")),
)
def test_an_orders_sums_are_exact(world, goods: dict[int, int], code: str):
    world.reset()
    store = world.store("shopping")
    prices = {product: store.catalogue.product(product).card.price_cents for product in PRODUCTS}
    for product, qty in goods.items():
        store.carts.add(EMMA, product, qty, {})
    store.carts.set_coupon(store.carts.of(EMMA), code)
    number = store.orders.place(
        store.carts.of(EMMA),
        customer_id=27,
        email="emma.lopez@gmail.com",
        shipping_address=_HOME,
        billing_address=_HOME,
        when=store.timestamp(),
    )
    order = store.orders.order(number)
    subtotal = sum(prices[product] * qty for product, qty in goods.items())
    percent = {"": 0, "PANTRY15": 15, "HELLO10": 10}[code]
    discount = Fraction(subtotal * percent, 100)
    assert order.subtotal_cents == subtotal and order.shipping_cents == 500 * sum(goods.values())
    assert abs(order.discount_cents - discount) <= Fraction(1, 2)
    assert order.total_cents == order.subtotal_cents - order.discount_cents + order.shipping_cents
    assert number == 190 and order.shipping_address.data() == _HOME.data()
