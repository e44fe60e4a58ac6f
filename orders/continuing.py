"""Going on with a guest's basket on another device: a link that is sent to the person and lives some days."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from orders.errors import BasketEmpty, LinkTooOften
from orders.models import Basket
from orders.moving_in import join
from shop.lib.crypto import is_link_secret, keyed_hash, link_secret
from shop.lib.seller import seller
from shop.messaging import outbox
from shop.messaging.letters import render_letter, render_text
from shop.messaging.models import Message
from shop.privacy.subjects import Subject

LIFE = timedelta(days=14)
_PURPOSE = "basket"
_KEY = "basket-link"
_LINK = "[[basket-link]]"
# Against somebody who has our SMS sent to strangers: these hold in the database, without a cache.
_MOST_OF_BASKET, _MOST_TO_ONE, _MOST_IN_ALL = 3, 3, 100
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Contact:
    """One of the two: a phone (E.164) or an e-mail address."""

    phone: str = ""
    email: str = ""

    @property
    def text(self) -> str:
        return self.phone or self.email.casefold()


@transaction.atomic
def send_link(basket: Basket, contact: Contact, *, language: str) -> None:
    """Write the message with the link. The same basket to the same person on the same day is told once.

    Raises BasketEmpty, and LinkTooOften when somebody plays with it.
    """
    basket = Basket.objects.locked(basket.pk)
    if not basket.lines.exists():
        raise BasketEmpty
    now = timezone.now()
    ends_at = int((now + LIFE).timestamp())
    to_one = f"{_KEY}:{keyed_hash('basket link', contact.text)[:16]}:"
    key = f"{to_one}{basket.pk}:{basket.placement_key.hex[:12]}:{timezone.localdate(now):%Y%m%d}"
    if Message.objects.filter(key=key).exists():
        return
    within_hour = Message.objects.filter(key__startswith=f"{_KEY}:", created_at__gte=now - _HOUR)
    of_basket = within_hour.filter(subject_kind="basket", subject_id=str(basket.pk))
    if (
        of_basket.count() >= _MOST_OF_BASKET
        or within_hour.filter(key__startswith=to_one).count() >= _MOST_TO_ONE
        or within_hour.count() >= _MOST_IN_ALL
    ):
        raise LinkTooOften
    with override(language):
        path = reverse("orders:basket_continued", args=[basket.pk, ends_at, _secret(basket, ends_at)])
    outbox.write([_message(basket, contact, key=key, language=language, address=f"{settings.PUBLIC_URL}{path}")])


def linked_basket(pk: int, ends_at: int, secret: str) -> Basket | None:
    """The basket behind a link; None for a wrong or an old one, and once its basket was ordered or has an owner."""
    basket = Basket.objects.filter(pk=pk, customer__isnull=True).first()
    key = basket.placement_key.hex if basket else ""
    if not is_link_secret(secret, _PURPOSE, f"{pk}:{key}:{ends_at}") or basket is None:
        return None
    return basket if timezone.now() < datetime.fromtimestamp(ends_at, tz=timezone.get_current_timezone()) else None


@transaction.atomic
def join_here(linked: Basket, here: Basket | None) -> Basket:
    """The linked basket goes on in this browser; what a guest had put in here joins it."""
    if here is None or here.pk == linked.pk:
        return linked
    both = {basket.pk: basket for basket in Basket.objects.select_for_update().filter(pk__in=[linked.pk, here.pk])}
    if here.pk not in both or linked.pk not in both:
        return linked
    join(both[here.pk], into=both[linked.pk])
    return both[linked.pk]


def _secret(basket: Basket, ends_at: int) -> str:
    """Bound to what it is for, to the basket as long as nothing is ordered from it, and to its end."""
    return link_secret(_PURPOSE, f"{basket.pk}:{basket.placement_key.hex}:{ends_at}")


def _message(basket: Basket, contact: Contact, *, key: str, language: str, address: str) -> Message:
    context = {"basket_page": _LINK, "seller": seller(), "days": LIFE.days}
    subject, sealed = Subject("basket", basket.pk), {"basket-link": address}
    if contact.phone:
        text = render_text("basket_link", context, language)
        return outbox.new_text(contact.phone, text, key=key, language=language, subject_of=subject, sealed=sealed)
    letter = render_letter("basket_link", context, language)
    return outbox.new_mail(
        contact.email,
        key=key,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        language=language,
        subject_of=subject,
        sealed=sealed,
    )
