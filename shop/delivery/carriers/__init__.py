"""Clients of carriers' servers: called by tasks alone, never by a page."""

from shop.delivery.carriers.nova_poshta import NovaPoshta
from shop.delivery.carriers.protocol import CarrierClient
from shop.delivery.models import Carrier


def carrier_client(code: str) -> CarrierClient:
    """By the carrier's code. Raises LookupError for one without a client."""
    return {Carrier.NOVA_POSHTA: NovaPoshta}[code]()
