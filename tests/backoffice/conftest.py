import pytest
from django.contrib.auth.models import Group

from shop.backoffice.roles import Role
from shop.catalog.models import BrandAlias
from shop.catalog.numbers import brand_key
from shop.offers.models import Markup
from tests.factories import BrandFactory, CustomerFactory, PartFactory, PriceListFactory, WarehouseFactory


@pytest.fixture
def owner(db):
    return CustomerFactory(staff=True)


@pytest.fixture
def desk(client, owner):
    """A browser in which the owner has signed in."""
    client.force_login(owner)
    return client


@pytest.fixture
def sign_in(client, db):
    """``sign_in("manager")``: a browser in which a member of staff with this role has signed in; none without one."""

    def sign_in_as(role=None):
        person = CustomerFactory(is_staff=True)
        if role:
            person.groups.add(Group.objects.get(name=Role(role)))
        client.force_login(person)
        return client

    return sign_in_as


@pytest.fixture
def price_list(db):
    """A supplier's list with one warehouse, ten parts of Bosch and a markup of 50 % on everything."""
    warehouse = WarehouseFactory(lead_days=2)
    Markup.objects.create(percent=50)
    bosch = BrandFactory(name="Bosch")
    BrandAlias.objects.get_or_create(brand=bosch, key=brand_key("Bosch"), defaults={"name": "Bosch"})
    for number in range(10):
        PartFactory(brand=bosch, article_number=f"F 00{number}")
    return PriceListFactory(supplier=warehouse.supplier, name="main")
