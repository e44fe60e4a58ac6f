"""Telling people that a part they wait for can be bought again. Each is told once, and only who asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import Customer, StockWatch
from orders.errors import TooManyWatches
from shop.catalog.models import Part
from shop.lib.crypto import is_link_secret, keyed_hash, link_secret
from shop.lib.seller import seller
from shop.messaging import outbox
from shop.messaging.letters import render_letter, render_text
from shop.messaging.models import Channel, Message
from shop.offers.models import PartShelf
from shop.privacy.models import Consent, LegalDocument
from shop.privacy.subjects import Subject

_PURPOSE = "stock-watch"
_LINK, _WITHDRAWAL = "[[part-page]]", "[[stop-link]]"
# More parts than anybody waits for; a limit against whoever fills a stranger's mailbox.
_MOST_OF_ONE = 20
_BATCH = 200


@dataclass(frozen=True)
class Wish:
    """Which part, and where to tell: an e-mail address, or the proved phone of a customer (E.164)."""

    part: Part
    channel: Channel
    receiver: str
    language: str
    page: str


@transaction.atomic
def watch(wish: Wish, *, customer: Customer | None) -> StockWatch:
    """Remember whom to tell, with the consent that asking is. The same wish again is the first one.

    Raises TooManyWatches.
    """
    receiver = wish.receiver.casefold()
    mine = StockWatch.objects.filter(
        channel=wish.channel, receiver=receiver, told_at__isnull=True, withdrawn_at__isnull=True
    )
    if same := mine.filter(part=wish.part).first():
        return same
    lately = StockWatch.objects.filter(channel=wish.channel, receiver=receiver, asked_at__gt=_day_ago())
    if mine.count() >= _MOST_OF_ONE or lately.count() >= _MOST_OF_ONE:
        raise TooManyWatches
    consent = _consent(wish, customer, is_given=True)
    found, _is_new = StockWatch.objects.get_or_create(
        part=wish.part,
        channel=wish.channel,
        receiver=receiver,
        told_at=None,
        withdrawn_at=None,
        defaults={"customer": customer, "language": wish.language, "consent": consent},
    )
    return found


@transaction.atomic
def withdraw(found: StockWatch, *, page: str) -> bool:
    """Forget it, and write down that the consent was taken back. False when it was over already."""
    found = StockWatch.objects.select_for_update(of=("self",)).select_related("consent").get(pk=found.pk)
    if found.told_at is not None or found.withdrawn_at is not None:
        return False
    Consent.objects.create(
        kind=Consent.Kind.BACK_IN_STOCK,
        is_given=False,
        document=found.consent.document,
        subject_kind=found.consent.subject_kind,
        subject_id=found.consent.subject_id,
        contact_hash=found.consent.contact_hash,
        page=page,
    )
    found.withdrawn_at, found.receiver = timezone.now(), ""
    found.save(update_fields=["withdrawn_at", "receiver"])
    return True


def tell_returned() -> int:
    """Write to everybody whose part somebody offers now; returns how many. Two runs at once share the work."""
    told = 0
    while count := _tell_batch():
        told += count
    return told


@transaction.atomic
def stop(pk: int, secret: str, *, page: str) -> int:
    """By the link of a message: forget all that waits under the contact it went to; returns how much.

    The message itself is the last about its part, so the link is for whoever wants no other.
    """
    told = StockWatch.objects.select_related("consent").filter(pk=pk).first()
    if not is_link_secret(secret, _PURPOSE, str(pk)) or told is None:
        return 0
    waiting = StockWatch.objects.filter(
        consent__contact_hash=told.consent.contact_hash, told_at__isnull=True, withdrawn_at__isnull=True
    )
    return sum(withdraw(each, page=page) for each in waiting.order_by("pk"))


@transaction.atomic
def _tell_batch() -> int:
    back = PartShelf.objects.filter(price__isnull=False, part__is_active=True).values("part")
    due = StockWatch.objects.filter(told_at__isnull=True, withdrawn_at__isnull=True, part__in=back)
    found = list(
        due.select_for_update(of=("self",), skip_locked=True)
        .select_related("part__brand", "part__shelf", "customer")
        .order_by("pk")[:_BATCH]
    )
    if not found:
        return 0
    outbox.write([_message(each) for each in found])
    StockWatch.objects.filter(pk__in=[each.pk for each in found]).update(told_at=timezone.now(), receiver="")
    return len(found)


def _message(found: StockWatch) -> Message:
    part: Any = found.part
    context: Mapping[str, Any] = {
        "part": part,
        "price": part.shelf.price,
        "part_page": _LINK,
        "stop_link": _WITHDRAWAL,
        "seller": seller(),
    }
    common: dict[str, Any] = {
        "language": found.language,
        "subject_of": Subject("stock-watch", found.pk),
        "sealed": _addresses(found),
        "key": f"stock-returned:{found.pk}",
    }
    if found.channel == Channel.SMS:
        text = render_text("stock_returned", context, found.language)
        return outbox.new_text(found.receiver, text, can_wait=True, **common)
    letter = render_letter("stock_returned", context, found.language)
    return outbox.new_mail(found.receiver, subject=letter.subject, text=letter.text, html=letter.html, **common)


def _addresses(found: StockWatch) -> dict[str, str]:
    with override(found.language):
        part = reverse("storefront:part", args=[found.part.brand.slug, found.part.article_key])
        stop = reverse("orders:stock_watch_removal", args=[found.pk, link_secret(_PURPOSE, str(found.pk))])
    return {"part-page": f"{settings.PUBLIC_URL}{part}", "stop-link": f"{settings.PUBLIC_URL}{stop}"}


def _consent(wish: Wish, customer: Customer | None, *, is_given: bool) -> Consent:
    kind = "phone" if wish.channel == Channel.SMS else "email"
    subject = Subject("customer", customer.pk) if customer else Subject.of_contact(wish.receiver)
    return Consent.objects.create(
        kind=Consent.Kind.BACK_IN_STOCK,
        is_given=is_given,
        document=LegalDocument.objects.filter(kind=LegalDocument.Kind.PRIVACY).order_by("-version").first(),
        subject_kind=subject.kind,
        subject_id=subject.id,
        contact_hash=keyed_hash(kind, wish.receiver.casefold()),
        page=wish.page,
    )


def _day_ago() -> Any:
    return timezone.now() - timedelta(days=1)
