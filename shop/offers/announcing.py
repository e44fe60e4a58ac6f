"""Telling the pages that offers have changed, in an order that spares the buyers of that moment."""

from django.dispatch import Signal

from shop.lib.version import coming_offers_version

# Sent while the coming version is pinned: receivers make ready what many pages will ask for at once.
offers_changed = Signal()


def announce_offers() -> None:
    """After the commit of a change to many offers. Takes seconds for a large catalogue; a worker's job."""
    with coming_offers_version():
        offers_changed.send_robust(sender=None)
