import pytest
from django.contrib.auth.models import Group

from shop.backoffice.roles import Role
from tests.factories import CustomerFactory


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
