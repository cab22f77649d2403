from __future__ import annotations

from .shopper import Shopper


def _newest(shopper: Shopper):
    return shopper.store.orders.latest()


def test_emma_buys_in_two_steps(emma: Shopper):
    emma.open(emma.product_url("beyond_crumble")).press("Add to Cart")
    emma.open("/checkout/cart/").press("Proceed to Checkout")
    assert emma.url == "/checkout/#shipping"
    assert "101 S San Mateo Dr" in emma.text and "Flat Rate Fixed" in emma.names("radio")
    emma.press("Next")
    assert emma.url == "/checkout/?step=payment#payment"
    # 188.13 and one piece at 5.00
    assert "Order Total | $193.13" in emma.text and "Check / Money order" in emma.names("radio")
    emma.press("Place Order")
    assert emma.url == "/checkout/onepage/success/"
    assert emma.names("heading")[0] == "Thank you for your purchase!"
    assert emma.follow("000000190").url == "/sales/order/view/order_id/190/"
    assert "Beyond Meat Beef Beefy Crumble" in emma.text and "B01CTR3DLE" in emma.text and "$193.13" in emma.text
    assert "You have no items in your shopping cart." in emma.open("/checkout/cart/").text


def test_the_new_order_is_the_newest_of_all_customers(emma: Shopper):
    emma.buy("beyond_crumble").open("/checkout/").press("Next").press("Place Order")
    order = _newest(emma)
    assert (order.id, order.number, order.status, order.customer_id) == (190, "000000190", "Pending", 27)
    assert order.created_at == max(o.created_at for o in emma.store.orders.search())
    assert emma.open("/sales/order/history/").text.split("Action")[1].strip().startswith("000000190")


def test_chosen_options_stand_on_the_order_beside_the_article_number(emma: Shopper):
    emma.open(emma.product_url("clarks")).check("8", role="radio").check("Dark Tan", role="radio").press("Add to Cart")
    emma.open("/checkout/").press("Next").press("Place Order").open("/sales/order/view/order_id/190/")
    assert "B01J4MM3KO" in emma.text and "Dark Tan" in emma.text


def test_reordering_fills_the_cart_with_the_orders_goods(emma: Shopper):
    emma.open("/sales/order/view/order_id/157/").follow("Reorder")
    assert emma.url == "/checkout/cart/"
    assert "Green-vines" in emma.text and "$175.32" in emma.text  # 122.05 + 53.27
    emma.press("Proceed to Checkout").press("Next").press("Place Order")
    assert _newest(emma).total_cents == 18532


def test_items_of_the_last_order_can_be_bought_again_from_the_side_bar(emma: Shopper):
    emma.open("/customer/account/").press("Add to Cart")
    assert emma.messages() == ["Please select at least one item."]
    emma.check("Add to Cart").press("Add to Cart")
    assert emma.url == "/checkout/cart/" and "Uttermost Volterra" in emma.text


def test_checkout_needs_something_in_the_cart(emma: Shopper):
    assert emma.open("/checkout/").url == "/checkout/cart/"
    assert emma.open("/checkout/?step=payment").url == "/checkout/cart/"
    assert emma.open("/checkout/onepage/success/").url == "/checkout/cart/"


def test_payment_needs_an_address_first(emma: Shopper):
    emma.buy("candle_spaas").open("/checkout/?step=payment")
    assert "Next" in emma.names("button")


def test_the_shipping_step_can_be_visited_again(emma: Shopper):
    emma.buy("candle_spaas").open("/checkout/").press("Next").follow("Shipping")
    assert emma.url == "/checkout/#shipping" and "Next" in emma.names("button")


def test_shipping_to_another_address_can_keep_it(emma: Shopper):
    emma.buy("candle_spaas").open("/checkout/").press("New Address")
    emma.check("Ship to the address below", role="radio").fill("Street Address: Line 1", "1 Pine St").fill(
        "City", "Reno"
    )
    emma.choose("State/Province", "Nevada").fill("Zip/Postal Code", "89501").fill("Phone Number", "5550001111")
    emma.check("Save in address book").press("Next").press("Place Order")
    order = _newest(emma)
    assert order.shipping_address.lines[1:3] == ["1 Pine St", "Reno, Nevada, 89501"]
    assert [address.city for address in emma.store.customers.addresses(27)] == ["San Mateo", "Reno"]


def test_an_incomplete_address_goes_no_further(emma: Shopper):
    emma.buy("candle_spaas").open("/checkout/").press("New Address").check("Ship to the address below", role="radio")
    emma.press("Next")
    assert emma.url == "/checkout/#shipping"
    assert emma.messages()[0].startswith("These fields are required: Phone Number, Street Address")


def test_the_bill_can_go_elsewhere(emma: Shopper):
    emma.buy("candle_spaas").open("/checkout/").press("Next")
    emma.click("checkbox", "My billing and shipping address are the same").press("Place Order")
    assert emma.url == "/checkout/?step=payment#payment" and emma.messages()[0].startswith("These fields are required")
    emma.click("checkbox", "My billing and shipping address are the same").press("Another billing address")
    emma.fill("Street Address: Line 1", "2 Bank St").fill("City", "Boston").choose("State/Province", "Massachusetts")
    emma.fill("Zip/Postal Code", "02110").fill("Phone Number", "5550004444").press("Place Order")
    order = _newest(emma)
    assert (order.billing_address.city, order.shipping_address.city) == ("Boston", "San Mateo")


def test_a_discount_reaches_the_order(emma: Shopper):
    emma.buy("candle_spaas").open("/checkout/cart/").fill("Enter discount code", "PANTRY15").press("Apply Discount")
    emma.open("/checkout/").press("Next").press("Place Order")
    order = _newest(emma)
    # 15 percent of 12.99 is 1.9485, so 1.95: 12.99 - 1.95 + 5.00 = 16.04
    assert (order.subtotal_cents, order.discount_cents, order.total_cents) == (1299, 195, 1604)
    assert "Discount (PANTRY15) | -$1.95" in emma.open("/sales/order/view/order_id/190/").text


def test_a_guest_buys_without_an_account(guest: Shopper):
    guest.buy("candle_spaas").open("/checkout/cart/").press("Proceed to Checkout")
    guest.fill("Email Address", "gina@example.com").fill("First Name", "Gina").fill("Last Name", "Ray")
    guest.fill("Street Address: Line 1", "5 Elm St").fill("City", "Austin").choose("State/Province", "Texas")
    guest.fill("Zip/Postal Code", "78701").fill("Phone Number", "5550002222").press("Next").press("Place Order")
    assert "Your order # is: 000000190." in guest.text
    order = _newest(guest)
    assert (order.customer_id, order.email, order.first_name) == (None, "gina@example.com", "Gina")
    guest.open("/sales/guest/form/").fill("Order ID", "190").fill("Billing Last Name", "Ray").fill(
        "Email", "gina@example.com"
    )
    guest.press("Continue")
    assert guest.url == "/sales/guest/view/" and "SPAAS White Taper Candles" in guest.text


def test_a_guest_needs_a_valid_email(guest: Shopper):
    guest.buy("candle_spaas").open("/checkout/").fill("Email Address", "nonsense").press("Next")
    assert guest.url == "/checkout/#shipping" and guest.messages()


def test_a_guest_finds_no_order_with_wrong_data(guest: Shopper):
    guest.open("/sales/guest/form/").fill("Order ID", "180").fill("Billing Last Name", "Lopez").fill(
        "Email", "x@example.com"
    )
    guest.press("Continue")
    assert guest.url == "/sales/guest/form/" and guest.messages() == ["You entered incorrect data. Please try again."]
    assert guest.open("/sales/guest/view/").url == "/sales/guest/form/"


def test_a_guest_finds_an_order_by_zip_code(guest: Shopper):
    guest.open("/sales/guest/form/").fill("Order ID", "000000180").fill("Billing Last Name", "lopez")
    guest.choose("Find Order By", "ZIP Code").fill("Billing ZIP Code", "94010").press("Continue")
    assert guest.title == "Order # 000000180"
    assert guest.follow("Reorder").url == "/checkout/cart/"


def test_several_addresses_end_in_one(emma: Shopper):
    emma.buy("candle_spaas").buy("elmwood").open("/checkout/cart/").follow("Check Out with Multiple Addresses")
    emma.press("Go to Shipping Information")
    assert emma.url == "/checkout/#shipping"
    emma.press("Next").press("Place Order")
    assert _newest(emma).qty == 2
