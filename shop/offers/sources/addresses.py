"""Which addresses the shop may call for a file: public ones over https, so that nobody reaches inside by our hand."""

import ipaddress
import socket
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from shop.offers.models import PriceListSource
from shop.offers.sources.place import SourceProblem

_Problem = PriceListSource.Problem
_PORTS: Final = {"https": 443, "http": 80}
# IPv6 forms that carry an IPv4 address inside.
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


def checked_address(url: str) -> tuple[str, str, int]:
    """Host, the IP address to call, and the port. The connection goes to this very address: a name that answers
    otherwise a moment later changes nothing. Raises SourceProblem."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise SourceProblem(_Problem.PRIVATE_ADDRESS) from error
    if not host or parts.scheme not in _PORTS:
        raise SourceProblem(_Problem.PRIVATE_ADDRESS)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SourceProblem(_Problem.UNREACHABLE) from error
    addresses = [str(entry[4][0]) for entry in found]
    is_ours = settings.PRICE_LIST_LOOPBACK and all(ipaddress.ip_address(one).is_loopback for one in addresses)
    if not is_ours and (parts.scheme != "https" or not all(map(is_public, addresses))):
        raise SourceProblem(_Problem.PRIVATE_ADDRESS)
    return host, addresses[0], port


def is_public(address: str) -> bool:
    """Whether the address is of the open internet, whatever it is wrapped into."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)
