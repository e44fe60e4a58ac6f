"""What people type to register, and the codes they find in their mailbox and phone."""

import pytest
from django.core.cache import cache

from shop.messaging.models import Channel, Message
from shop.messaging.placeholders import unseal

PASSWORD = "довга зелена гайка"
PERSON = {
    "surname": "Шевченко",
    "given_name": "Олена",
    "patronymic": "",
    "phone": "067 123 45 67",
    "email": "Olena@example.com",
    "password1": PASSWORD,
}


@pytest.fixture
def person():
    return dict(PERSON)


def sent(receiver):
    """What was written to somebody, the newest last."""
    return list(Message.objects.filter(receiver=receiver).order_by("pk"))


def code_to(receiver):
    """The code in the newest message to ``receiver``."""
    return unseal(sent(receiver)[-1].sealed)["code"]


def texts():
    return Message.objects.filter(channel=Channel.SMS).count()


def later():
    """Half a minute on: allauth lets nobody ask for two codes at once, and counts that in the cache."""
    cache.clear()


def register(client, person):
    """From the form to the account; gives the last answer."""
    later()
    client.post("/account/signup/", person)
    client.post("/account/email/confirm/", {"code": code_to(person["email"].lower()), "action": "verify"})
    answer = client.post("/account/phone/confirm/", {"code": code_to("+380671234567"), "action": "verify"})
    later()
    return answer
