"""Where a request came from, as far as it can be believed."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The visitor's address; of IPv6 the first 64 bits, which is what one subscriber gets. "" when there is none.

    ``X-Forwarded-For`` counts from a proxy in ``settings.PROXIES`` only, and its last entry alone: the proxy wrote it.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if not _is_proxy(peer, tuple(settings.PROXIES)):
        return _subscriber(peer)
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    return _subscriber(forwarded) or _subscriber(peer)


def _subscriber(text: str) -> str:
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((address.packed, 64), strict=False))


def _is_proxy(peer: str, proxies: tuple[str, ...]) -> bool:
    if "*" in proxies:  # as gunicorn reads FORWARDED_ALLOW_IPS
        return True
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    return any(address in network for network in _networks(proxies))


@lru_cache(maxsize=8)
def _networks(proxies: tuple[str, ...]) -> list[IPv4Network | IPv6Network]:
    return [ip_network(proxy.strip(), strict=False) for proxy in proxies]
