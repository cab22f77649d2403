"""The product form, the wizard that makes variants, attributes and categories, and that the storefront follows at once."""

from __future__ import annotations

import pytest

from .clerk import Clerk

FRANKIE = 110


def product(clerk: Clerk, number: int) -> Clerk:
    return clerk.open(f"/catalog/product/edit/id/{number}/")


@pytest.mark.parametrize(
    ("number", "name", "value"),
    [(478, "product[status]", "1"), (126, "product[sale]", "0"), (1481, "product[price]", "32.00"),
     (1861, "product[quantity_and_stock_status][is_in_stock]", "1"), (872, "product[quantity_and_stock_status][qty]", "0"),
     (872, "product[quantity_and_stock_status][is_in_stock]", "0")],
)  # fmt: skip
def test_the_first_control_of_a_name_tells_the_stored_state(clerk: Clerk, number: int, name: str, value: str):
    assert product(clerk, number).value(name) == value


def test_a_product_is_disabled_and_leaves_the_storefront(clerk: Clerk):
    address = clerk.store.products.product(478).url
    clerk.open("/" + address)
    assert "Crew-neck" in clerk.names("heading")[0]
    product(clerk, 478).uncheck("Enable Product").press("Save")
    assert clerk.messages() == ["You saved the product."] and clerk.value("product[status]") == "2"
    assert clerk.engine.client().get(f"http://admin.test{address}").status == 404
    product(clerk, 478).check("Enable Product").press("Save")
    assert clerk.value("product[status]") == "1"


def test_switches_are_kept_one_by_one(clerk: Clerk):
    product(clerk, 126).check("Sale").press("Save")
    assert clerk.value("product[sale]") == "1" and clerk.value("product[new]") == "0"
    assert clerk.value("product[status]") == "1"


@pytest.mark.parametrize(("typed", "value"), [("27", "27.00"), ("27.5", "27.50"), (" $1,027.00 ", "1027.00")])
def test_a_price_is_shown_with_two_decimals(clerk: Clerk, typed: str, value: str):
    product(clerk, 1481).fill("Price", typed).press("Save")
    assert clerk.value("product[price]") == value


@pytest.mark.parametrize("typed", ["cheap", "-3", ""])
def test_a_price_that_is_none_is_refused(clerk: Clerk, typed: str):
    product(clerk, 1481).fill("Price", typed).press("Save")
    assert clerk.messages() == ["Please enter a number 0 or greater in this field."]
    assert clerk.value("product[price]") == "32.00"


def test_quantity_and_stock_status_are_two_things(clerk: Clerk):
    product(clerk, 872).fill("Quantity", "5").press("Save")
    assert clerk.value("product[quantity_and_stock_status][is_in_stock]") == "0"
    clerk.choose("Stock Status", "In Stock").press("Save")
    assert clerk.value("product[quantity_and_stock_status][is_in_stock]") == "1"
    assert clerk.value("product[quantity_and_stock_status][qty]") == "5"


def test_both_descriptions_reach_the_storefront(clerk: Clerk):
    product(clerk, 1796).fill("Description", "<p>New & long</p>").fill(
        "Short Description", "<p>1 customer(s) love it!</p>"
    )
    clerk.press("Save").open("//antonia-racer-tank.html")
    assert clerk.css(".data.item.content")[0] == "New & long"
    assert clerk.css('.product.attribute.overview [itemprop="description"]') == ["1 customer(s) love it!"]
    assert "Zero support/modesty" in clerk.text and "Zero" not in clerk.css(".data.item.content")[0]


def test_a_name_is_needed_and_a_sku_is_ones_own(clerk: Clerk):
    product(clerk, 872).fill("Product Name", "").press("Save")
    assert 'The "Product Name" attribute value is empty' in clerk.messages()[0]
    product(clerk, 872).fill("SKU", "24-MB01").press("Save")
    assert clerk.messages() == ["The value specified in the SKU field already exists."]


def test_a_new_product_is_found_in_the_store(clerk: Clerk):
    clerk.open("/catalog/product/").press("Add Product").fill("Product Name", "Wool Mat").fill("SKU", "WM-1").fill(
        "Price", "12"
    )
    clerk.fill("Quantity", "9").press("Save")
    assert clerk.messages() == ["You saved the product."] and clerk.value("product[sku]") == "WM-1"
    assert "$12.00" in clerk.open("//wool-mat.html").text
    assert "Wool Mat" in clerk.open("//catalogsearch/result/?q=wool+mat").text


def configurations(clerk: Clerk) -> Clerk:
    """The wizard's second step for the sweatshirt, with nothing ticked."""
    product(clerk, FRANKIE).press("Edit Configurations").press("Next")
    return clerk.press("Deselect All Size Values").press("Deselect All Color Values")


def test_the_wizard_makes_variants_that_wait_until_the_product_is_saved(clerk: Clerk):
    configurations(clerk).check("Blue").check("S").check("M").press("Next").press("Next")
    assert [row[:3] for row in clerk.rows()] == [["Frankie Sweatshirt-S-Blue", "MH04-S-Blue", "S, Blue"], ["Frankie Sweatshirt-M-Blue", "MH04-M-Blue", "M, Blue"]]  # fmt: skip
    clerk.press("Generate Products")
    assert "not saved yet" in clerk.text and clerk.store.products.by_sku("MH04-S-Blue") is None
    clerk.press("Save")
    (shown,) = clerk.css('[data-index="configurable"]')
    assert "Sweatshirt-S-Blue" in shown and "Sweatshirt-M-Blue" in shown and "Sweatshirt-XL-Green" in shown
    assert "Blue" in clerk.open("//frankie-sweatshirt.html").css(".swatch-attribute")[1]


def test_price_and_quantity_for_all_new_variants(clerk: Clerk):
    configurations(clerk).check("Blue").check("S").press("Next")
    clerk.check("Apply single price to all SKUs", role="radio").fill("Price for all SKUs", "55.5")
    clerk.check("Apply single quantity to each SKUs", role="radio").fill("Quantity for each SKU", "7").press("Next")
    clerk.press("Generate Products").press("Save")
    made = clerk.store.products.by_sku("MH04-S-Blue")
    assert (made.price_cents, made.qty, made.parent_id) == (5550, 7, FRANKIE)


def test_a_waiting_variant_can_be_taken_out(clerk: Clerk):
    configurations(clerk).check("Blue").check("S").check("M").press("Next").press("Next").press("Generate Products")
    clerk.press("Remove Product").press("Save")
    assert clerk.store.products.by_sku("MH04-S-Blue") is None and clerk.store.products.by_sku("MH04-M-Blue")


def test_a_new_color_is_made_in_the_wizard(clerk: Clerk):
    configurations(clerk).check("S").fill("New value of Color", "Teal").press("Create New Value of Color")
    clerk.press("Next").press("Next").press("Generate Products").press("Save")
    assert clerk.store.products.by_sku("MH04-S-Teal").name == "Frankie Sweatshirt-S-Teal"


def test_the_wizard_wants_values_for_every_attribute(clerk: Clerk):
    configurations(clerk).check("Blue").press("Next")
    assert clerk.messages() == ["Select options for all attributes or remove unused attributes."]
    clerk.press("Select All Size Values")
    assert not clerk.messages() and "checked" in dict(next(node for node in clerk.nodes if node.name == "XL").states)


def test_a_variant_is_disabled_and_removed(clerk: Clerk):
    product(clerk, FRANKIE).press("Select").press("Disable Product")
    assert "Disabled" in clerk.rows()[0]
    count = len(clerk.rows())
    clerk.press("Select").press("Remove Product")
    assert len(clerk.rows()) == count - 1


def test_options_of_an_attribute(clerk: Clerk):
    clerk.open("/catalog/product_attribute/").fill("Filter by Attribute Code", "color").press("Search").follow("color")
    clerk.fill("New value", "Teal").fill("Value 49", "Jet").press("Save and Continue Edit")
    labels = [option.label for option in clerk.store.attributes.options(93)]
    assert "Teal" in labels and "Jet" in labels and "Black" not in labels
    clerk.check("Delete Teal").press("Save Attribute")
    assert "Teal" not in [option.label for option in clerk.store.attributes.options(93)]


def test_a_category_is_renamed_in_the_menu_and_hidden_from_it(clerk: Clerk):
    clerk.open("/catalog/category/").follow("- Gear (ID: 3)").fill("Category Name", "Kit").press("Save")
    assert clerk.messages() == ["You saved the category."]
    assert "Kit" in clerk.open("//").names("link")
    clerk.open("/catalog/category/edit/id/3/").uncheck("Include in Menu").press("Save")
    assert "Kit" not in clerk.open("//").names("link")
