"""Clients of carriers' servers: called by tasks alone, never by a page."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from shop.delivery.carriers.meest import Meest
from shop.delivery.carriers.nova_poshta import NovaPoshta
from shop.delivery.carriers.protocol import CarrierClient
from shop.delivery.carriers.ukrposhta import Ukrposhta
from shop.delivery.models import Carrier

_CLIENTS: Mapping[str, Callable[[], CarrierClient]] = MappingProxyType(
    {Carrier.NOVA_POSHTA: NovaPoshta, Carrier.UKRPOSHTA: Ukrposhta, Carrier.MEEST: Meest}
)


def carrier_client(code: str) -> CarrierClient:
    """By the carrier's code. Raises LookupError for one without a client."""
    return _CLIENTS[code]()


def carriers_that_are_on() -> list[str]:
    """Codes of those whose keys are there."""
    return [code for code in _CLIENTS if carrier_client(code).is_on]
