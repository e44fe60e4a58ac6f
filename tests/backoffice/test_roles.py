"""Every admin address, asked for by every role: the answer follows the table of rights and nothing else."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse

from shop.backoffice.roles import OWN_RIGHTS, RIGHTS, Role, grant_rights
from tests.factories import (
    CarrierFactory,
    CustomerFactory,
    FitmentFactory,
    LegalDocumentFactory,
    OeNumberFactory,
    OfferFactory,
    PickupPointFactory,
    PriceListVersionFactory,
    StockItemFactory,
)
from tests.factories.catalog import CarTextFactory
from tests.factories.orders import OrderFactory

pytestmark = pytest.mark.django_db

# What each role may look at. Written out again on purpose: a slip in the table of rights shows here.
SEEN = {
    Role.MANAGER: {
        "orders_enquiry",
        "orders_order",
        "orders_payment",
        "orders_refund",
        "orders_fiscalreceipt",
        "orders_paymentrule",
        "messaging_message",
        "messaging_webhookevent",
        "messaging_suppression",
        "accounts_customer",
        "catalog_part",
        "catalog_category",
        "catalog_attribute",
        "catalog_brand",
        "catalog_catalogsource",
        "catalog_catalogfile",
        "catalog_cartext",
        "catalog_companion",
        "catalog_fitcheck",
        "catalog_repairjob",
        "catalog_customergroup",
        "vehicles_vehiclemake",
        "vehicles_vehiclemodel",
        "vehicles_generation",
        "vehicles_modification",
        "offers_stockitem",
        "offers_stockmovement",
        "offers_offer",
        "offers_pricelist",
        "offers_pricelistversion",
        "offers_supplier",
        "offers_warehouse",
        "offers_markup",
        "offers_pricerounding",
        "offers_exchangerate",
        "offers_pricelistsource",
        "offers_unknownbrand",
        "offers_unplacedpart",
        "delivery_pickuppoint",
        "delivery_settlement",
        "delivery_carrier",
        "delivery_carrierlimit",
        "delivery_deliverytariff",
        "privacy_legaldocument",
        "privacy_consent",
        "privacy_disclosure",
    },
    Role.CONTENT: {
        "catalog_part",
        "catalog_category",
        "catalog_attribute",
        "catalog_brand",
        "catalog_catalogsource",
        "catalog_catalogfile",
        "catalog_cartext",
        "catalog_companion",
        "catalog_fitcheck",
        "catalog_repairjob",
        "vehicles_vehiclemake",
        "vehicles_vehiclemodel",
        "vehicles_generation",
        "vehicles_modification",
        "offers_unknownbrand",
        "offers_unplacedpart",
        "delivery_pickuppoint",
        "delivery_settlement",
        "delivery_carrier",
        "privacy_legaldocument",
    },
    Role.WAREHOUSE: {
        "orders_order",
        "catalog_part",
        "catalog_category",
        "catalog_attribute",
        "catalog_brand",
        "catalog_catalogsource",
        "catalog_companion",
        "catalog_fitcheck",
        "catalog_repairjob",
        "vehicles_vehiclemake",
        "vehicles_vehiclemodel",
        "vehicles_generation",
        "vehicles_modification",
        "offers_stockitem",
        "offers_stockmovement",
        "offers_offer",
        "offers_warehouse",
        "delivery_pickuppoint",
        "delivery_settlement",
        "delivery_carrier",
    },
}
MODELS = sorted(f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("model", MODELS)
def test_a_role_opens_exactly_the_lists_of_its_table(sign_in, role, model):
    answer = sign_in(role).get(reverse(f"admin:{model}_changelist"))
    assert answer.status_code == (200 if model in SEEN[role] else 403)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("model", MODELS)
def test_a_role_adds_rows_only_where_its_table_says_so(sign_in, role, model):
    app, name = model.split("_")
    allowed = f"{app}.add_{name}" in RIGHTS[role]
    assert sign_in(role).get(reverse(f"admin:{model}_add")).status_code == (200 if allowed else 403)


@pytest.fixture
def rows(db):
    """One row of every model that has a page of its own, by the name of the page."""
    order = OrderFactory()
    fitment = FitmentFactory(part=OeNumberFactory().part)
    offer = OfferFactory()
    text = CarTextFactory()
    made = [
        order,
        fitment.part,
        fitment.part.category,
        fitment.part.brand,
        fitment.source,
        fitment.modification,
        fitment.modification.generation,
        fitment.modification.generation.model,
        fitment.modification.generation.model.make,
        offer,
        offer.price_list,
        PriceListVersionFactory(price_list=offer.price_list),
        offer.warehouse,
        offer.warehouse.supplier,
        StockItemFactory(),
        PickupPointFactory(),
        CarrierFactory(),
        text,
        text.file,
        LegalDocumentFactory(),
        CustomerFactory(),
    ]
    return {f"{row._meta.app_label}_{row._meta.model_name}": row for row in made}


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_exactly_the_pages_of_its_table(sign_in, rows, role):
    browser = sign_in(role)
    answers = {
        model: browser.get(reverse(f"admin:{model}_change", args=[row.pk])).status_code for model, row in rows.items()
    }
    assert answers == {model: 200 if model in SEEN[role] else 403 for model in rows}


def test_nobody_deletes_an_order_a_part_or_a_person(desk, rows):
    for model in ("orders_order", "catalog_part", "accounts_customer", "catalog_brand", "vehicles_modification"):
        assert desk.post(reverse(f"admin:{model}_delete", args=[rows[model].pk]), {"post": "yes"}).status_code == 403


ACTS = {
    "orders_order_confirm": {Role.MANAGER},
    "orders_order_ship": {Role.MANAGER, Role.WAREHOUSE},
    "orders_order_complete": {Role.MANAGER},
    "orders_order_cancel": {Role.MANAGER},
    "orders_order_note": {Role.MANAGER, Role.WAREHOUSE},
    "orders_order_take": {Role.MANAGER, Role.WAREHOUSE},
    "orders_order_check_fit": {Role.MANAGER},
    "orders_order_ask_money": {Role.MANAGER},
    "orders_order_record_money": {Role.MANAGER},
    "orders_order_edition": {Role.MANAGER},
}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_open_to_its_roles_only(sign_in, role, act):
    order = OrderFactory()
    answer = sign_in(role).get(reverse(f"admin:{act}", args=[order.pk]))
    # 302: allowed, but not in this state of the order.
    assert (answer.status_code in (200, 302)) == (role in ACTS[act])


def test_warehouse_staff_do_not_see_what_we_pay(sign_in):
    offer = OfferFactory(purchase_price="73.19", price="150.00")
    browser = sign_in(Role.WAREHOUSE)
    for page in (reverse("admin:offers_offer_changelist"), reverse("admin:offers_offer_change", args=[offer.pk])):
        text = browser.get(page).content.decode()
        assert "150" in text
        assert "73.19" not in text
        assert "73,19" not in text


def test_a_manager_sees_what_we_pay(sign_in):
    OfferFactory(purchase_price="73.19")
    assert "73,19" in sign_in(Role.MANAGER).get(reverse("admin:offers_offer_changelist")).content.decode()


def test_a_change_that_names_the_purchase_price_is_not_taken_from_those_who_do_not_see_it(sign_in):
    offer = OfferFactory(purchase_price="73.19")
    browser = sign_in(Role.WAREHOUSE)
    browser.post(reverse("admin:offers_offer_change", args=[offer.pk]), {"purchase_price": "1", "price": "1"})
    offer.refresh_from_db()
    assert str(offer.purchase_price) == "73.19"


def test_content_staff_find_nobody_through_suggestions(sign_in):
    OrderFactory(surname="Рідкісне")
    answer = sign_in(Role.CONTENT).get(
        reverse("admin:autocomplete"), {"app_label": "orders", "model_name": "orderline", "field_name": "order"}
    )
    assert answer.status_code == 403


def test_a_manager_cannot_make_themselves_owner(sign_in):
    browser = sign_in(Role.MANAGER)
    me = browser.session["_auth_user_id"]
    answer = browser.post(reverse("admin:accounts_customer_change", args=[me]), {"is_superuser": "on"})
    assert answer.status_code == 403
    assert browser.post(reverse("admin:auth_user_password_change", args=[me]), {}).status_code == 403


def test_staff_without_a_role_read_what_to_do(sign_in):
    answer = sign_in().get(reverse("admin:index"))
    assert answer.status_code == 200
    assert "Вам ще не надали жодної ролі" in answer.content.decode()


def test_a_refusal_stands_in_the_frame_and_is_not_kept(sign_in):
    answer = sign_in().get(reverse("admin:orders_order_changelist"))
    assert answer.status_code == 403
    assert "Цей розділ вам не відкрито" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("name", ["admin:index", "admin:orders_order_changelist"])
def test_customers_and_strangers_are_sent_to_the_sign_in_page(client, name):
    assert client.get(reverse(name)).status_code == 302
    client.force_login(CustomerFactory())
    assert client.get(reverse(name))["Location"].startswith(reverse("admin:login"))


def test_granting_twice_changes_nothing_and_takes_back_what_the_table_does_not_give():
    group = Group.objects.get(name=Role.CONTENT)
    before = set(group.permissions.values_list("pk", flat=True))
    group.permissions.add(*Group.objects.get(name=Role.MANAGER).permissions.all())
    grant_rights()
    grant_rights()
    assert set(group.permissions.values_list("pk", flat=True)) == before


def test_every_right_of_its_own_is_given_to_somebody():
    given = {right for rights in RIGHTS.values() for right in rights}
    assert {f"{app}.{right}" for app, _model, right, _words in OWN_RIGHTS} <= given
