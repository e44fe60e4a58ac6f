"""What a visitor's browser keeps about cars, sealed: only this shop can read it, and nobody can change it.

A page with a chosen car is the shop's most frequent one. Kept here, the car costs that page no query, and the cars of
somebody without an account never enter our database.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from shop.lib.crypto import decrypt, encrypt

# The privacy policy says so: sixty days after the last visit.
_AGE_SECONDS: Final = 60 * 24 * 3600
# Browsers keep no longer ones.
LONGEST: Final = 4000


@dataclass(frozen=True, slots=True)
class CookieCar:
    """One car of a guest's garage. ``key`` tells two cars of one modification apart; ``vin`` may be a frame number."""

    key: int
    modification_id: int
    name: str = ""
    vin: str = ""


@dataclass(frozen=True, slots=True)
class CarCookie:
    """``chosen`` is the modification shopped for, ``key`` its car in the garage, if it is there.

    ``cars`` is a guest's garage; a customer's is in the database. ``vin`` was looked up and waits for the choice of its
    car; it stays with that car if ``keeps_vin``, and is forgotten otherwise. ``day`` is when this was written.
    """

    chosen: int | None = None
    key: int | None = None
    cars: tuple[CookieCar, ...] = ()
    vin: str = ""
    keeps_vin: bool = False
    day: int = 0


_NOTHING: Final = CarCookie()


def read(request: HttpRequest) -> CarCookie:
    """What the browser sent, or an empty one: strangers' texts and old keys are no error."""
    sealed = request.COOKIES.get(settings.CAR_COOKIE_NAME, "")
    return _unseal(sealed) if 0 < len(sealed) <= LONGEST else _NOTHING


def write(response: HttpResponse, cookie: CarCookie) -> None:
    """Give the browser ``cookie`` to keep, or take an empty one away. Raises ValueError where it is too long."""
    if cookie.chosen is None and not cookie.cars and not cookie.vin:
        response.delete_cookie(settings.CAR_COOKIE_NAME, samesite="Lax")
        return
    response.set_cookie(
        settings.CAR_COOKIE_NAME,
        seal(cookie),
        max_age=_AGE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def seal(cookie: CarCookie) -> str:
    """The cookie's text. Raises ValueError if it is longer than browsers keep."""
    cars = [[car.key, car.modification_id, car.name, car.vin] for car in cookie.cars]
    facts = [cookie.chosen, cookie.key, cars, cookie.vin, cookie.keeps_vin, today()]
    plain = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    sealed = encrypt(plain)
    if len(sealed) > LONGEST:
        raise ValueError("too much for a cookie")
    return sealed


def header(cookie: CarCookie) -> str:
    """``name=value``, as a browser sends it."""
    return f"{settings.CAR_COOKIE_NAME}={seal(cookie)}"


def is_stale(cookie: CarCookie) -> bool:
    """Written before today: to be written again, so that its term begins with the last visit."""
    return cookie is not _NOTHING and cookie.day != today()


def today() -> int:
    return datetime.now(UTC).date().toordinal()


@lru_cache(maxsize=2048)
def _unseal(sealed: str) -> CarCookie:
    try:
        chosen, key, cars, vin, keeps_vin, day = json.loads(decrypt(sealed))
        return CarCookie(chosen, key, tuple(CookieCar(*car) for car in cars), vin, keeps_vin, day)
    except (ValueError, TypeError):
        return _NOTHING
