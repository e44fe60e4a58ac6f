"""How often one visitor may do a thing within an hour, against robots and slips: counters in the cache.

They fail open: without the cache everybody may. Pressing at the same moment, a few more than allowed get through.
What must hold (sign-in codes) needs a stricter guard.
"""

from contextlib import suppress

from django.conf import settings
from django.core.cache import cache

from shop.lib.crypto import keyed_hash

_HOUR = 3600


def is_too_often(act: str, **who: str) -> bool:
    """Whether one of ``who`` has done it as often in this hour as ``settings.HOURLY_LIMITS[act]`` allows."""
    most = _most(act, who)
    return any(done >= most[key] for key, done in cache.get_many(most).items())


def count(act: str, **who: str) -> None:
    """It was done once more; the hour begins with the first time."""
    for key in _most(act, who):
        cache.add(key, 0, _HOUR)
        with suppress(ValueError):  # pushed out of the cache since
            cache.incr(key)


def _most(act: str, who: dict[str, str]) -> dict[str, int]:
    """How often each counter may go; what has no limit, or is not known of this visitor, has no counter."""
    limits = settings.HOURLY_LIMITS[act]
    return {
        f"limit:{act}:{by}:{keyed_hash(f'limit {by}', value)}": limits[by]
        for by, value in who.items()
        if value and by in limits
    }
