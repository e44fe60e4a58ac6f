"""The rules of payment that come with the shop; from then on they are the staff's."""

from decimal import Decimal

from orders.models import PaymentKind, PaymentRule
from shop.lib.copying import Changes

_CASH_LIMIT = "Постанова Правління НБУ № 148 від 29.12.2017, п. 6: готівкою до 50 000 ₴ на день"

_RULES: list[dict[str, object]] = [
    {
        "kind": PaymentKind.ON_DELIVERY,
        "max_total": Decimal("50000.00"),
        "max_weight_kg": Decimal("200"),
        "explanation_uk": "Спершу огляньте деталі, потім платіть.",
        "explanation_en": "Look at the parts first, then pay.",
        "legal_basis": _CASH_LIMIT,
    },
    {
        "kind": PaymentKind.LIQPAY,
        "explanation_uk": "Картка, Apple Pay, Google Pay або Приват24.",
        "explanation_en": "Card, Apple Pay, Google Pay or Privat24.",
    },
    {
        "kind": PaymentKind.MONOBANK,
        "explanation_uk": "Застосунок monobank або картка будь-якого банку.",
        "explanation_en": "The monobank app or any bank’s card.",
    },
    {
        "kind": PaymentKind.WAYFORPAY,
        "explanation_uk": "Картка, Apple Pay або Google Pay.",
        "explanation_en": "Card, Apple Pay or Google Pay.",
    },
    {
        "kind": PaymentKind.INVOICE,
        "explanation_uk": "Переказ за реквізитами або QR-кодом у застосунку банку; підходить і фірмам.",
        "explanation_en": "A transfer by details or a QR code in your banking app; companies too.",
    },
]


def load() -> Changes:
    """Only into an empty table: what staff changed or switched off stays so."""
    if PaymentRule.objects.exists():
        return Changes()
    return Changes(added=len(PaymentRule.objects.bulk_create(PaymentRule(**rule) for rule in _RULES)))
