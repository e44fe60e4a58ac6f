"""Staff send a message once more, with a reason; never a code, never to a closed address, never twice by one page."""

import re
from decimal import Decimal

import pytest

from shop.messaging import suppression
from shop.messaging.models import Channel, Message, Suppression
from shop.messaging.placeholders import fill, unseal
from tests.factories import own_offer
from tests.orders.buying import placed

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter():
    order = placed(own_offer(price=Decimal("150.00")))
    order.messages.update(status=Message.Status.ACCEPTED, sealed="")
    return order.messages.get(channel=Channel.EMAIL)


def page_of(message):
    return f"/admin/messaging/message/{message.pk}/again/"


def test_a_message_is_sent_once_more_with_author_and_reason(desk, owner, letter):
    assert "Чому ще раз" in desk.get(page_of(letter)).content.decode()
    answer = desk.post(page_of(letter), {"reason": "Каже, що не отримала", "number": "1"})
    again = Message.objects.get(takes_place_of=letter, written_by=owner)
    assert answer.url == f"/admin/messaging/message/{again.pk}/change/"
    assert (again.key, again.status, again.reason) == (f"{letter.key}:again:1", "waiting", "Каже, що не отримала")
    assert (again.receiver, again.subject, again.text, again.html) == (
        letter.receiver,
        letter.subject,
        letter.text,
        letter.html,
    )
    order = letter.orders.get()
    assert order.page_address() in fill(again.text, unseal(again.sealed))
    assert order.messages.filter(pk=again.pk).exists()


def test_the_second_press_sends_nothing_more_and_a_new_page_does(desk, letter):
    for _press in range(2):
        desk.post(page_of(letter), {"reason": "ще раз", "number": "1"})
    assert Message.objects.filter(takes_place_of=letter).exclude(written_by=None).count() == 1
    number = re.search(r'name="number" value="(\d+)"', desk.get(page_of(letter)).content.decode())[1]
    assert number == "2"
    desk.post(page_of(letter), {"reason": "і ще", "number": number})
    assert Message.objects.filter(takes_place_of=letter).exclude(written_by=None).count() == 2


@pytest.mark.parametrize("reason", ["", " ", "я" * 201])
def test_without_a_reason_nothing_is_sent(desk, letter, reason):
    assert desk.post(page_of(letter), {"reason": reason, "number": "1"}).status_code == 200
    assert not Message.objects.exclude(written_by=None).exists()


def test_a_code_is_never_sent_by_staff(desk, letter):
    Message.objects.filter(pk=letter.pk).update(queue=Message.Queue.CODES)
    page = desk.post(page_of(letter), {"reason": "просить", "number": "1"})
    assert "це код" in page.content.decode()
    assert not Message.objects.exclude(written_by=None).exists()


def test_a_closed_address_is_said_to_be_closed(desk, letter):
    suppression.suppress(Channel.EMAIL, letter.receiver, Suppression.Reason.HARD_BOUNCE)
    page = desk.post(page_of(letter), {"reason": "просить", "number": "1"})
    assert "Ця адреса закрита: адреси немає" in page.content.decode()
    assert not Message.objects.exclude(written_by=None).exists()


def test_only_managers_may(sign_in, letter):
    assert sign_in("warehouse").get(page_of(letter)).status_code in (302, 403)
    assert sign_in("warehouse").post(page_of(letter), {"reason": "так", "number": "1"}).status_code in (302, 403)
    assert not Message.objects.exclude(written_by=None).exists()
    assert sign_in("manager").get(page_of(letter)).status_code == 200


def test_r25_the_order_shows_text_channel_times_state_and_news_of_each_message(desk, letter):
    from django.utils import timezone

    from shop.messaging.models import DeliveryEvent, News

    now = timezone.now()
    Message.objects.filter(pk=letter.pk).update(handed_over_at=now, status=Message.Status.DELIVERED, settled_at=now)
    DeliveryEvent.objects.create(
        message=letter, key="k", news=News.DELIVERED, code="250", gateway="Пошта", happened_at=now
    )
    order = letter.orders.get()
    page = desk.get(f"/admin/orders/order/{order.pk}/change/").content.decode()
    moment = timezone.localtime(now).strftime("%d.%m.%Y %H:%M:%S")
    for words in ("Лист", letter.subject, "доставлено", moment, "(250)", "Надіслати ще раз", "•••"):
        assert words in page, words
    written = page.partition("desk-messages")[2].partition("</section>")[0]
    assert order.secret not in written
