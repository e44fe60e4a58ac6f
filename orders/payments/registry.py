"""Which provider stands behind which way of paying."""

from collections.abc import Mapping

from orders.errors import PaymentWayClosed
from orders.models import ONLINE, PaymentKind
from orders.payments.liqpay import LiqPay
from orders.payments.monobank import Monobank
from orders.payments.provider import PaymentProvider
from orders.payments.wayforpay import WayForPay

# By the name under which its notices arrive: /hooks/liqpay/.
PROVIDERS: Mapping[str, PaymentProvider] = {
    PaymentKind.LIQPAY: LiqPay(),
    PaymentKind.MONOBANK: Monobank(),
    PaymentKind.WAYFORPAY: WayForPay(),
}


def provider_of(kind: str) -> PaymentProvider:
    """Raises PaymentWayClosed for ways without a provider and for those that are switched off."""
    provider = PROVIDERS.get(kind)
    if provider is None or not provider.is_on:
        raise PaymentWayClosed
    return provider


def is_way_on(kind: str) -> bool:
    """Ways with a provider need its keys; the others need nobody."""
    return kind not in ONLINE or PROVIDERS[kind].is_on


def page_hosts() -> list[str]:
    """Origins that our pages may send a form or a redirect to."""
    return sorted({host for provider in PROVIDERS.values() if provider.is_on for host in provider.hosts()})
