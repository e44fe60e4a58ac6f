"""Personal data at rest: encrypted columns, keyed hashes to look them up, unguessable links.

Keys come from ``settings.FIELD_KEYS`` (the first encrypts, all decrypt, so a key can be rotated) and
``settings.HASH_KEY``.
"""

import base64
import hashlib
import hmac
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


def keyed_hash(purpose: str, value: str) -> str:
    """64 hex digits that stand for ``value`` in ledgers and look-ups; other purposes give other digits."""
    return hmac.new(settings.HASH_KEY.encode(), f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


def link_secret(purpose: str, subject: str) -> str:
    """The unguessable part of a secret address (144 bits, URL-safe), bound to a purpose and a subject."""
    digest = hmac.new(settings.HASH_KEY.encode(), f"link\0{purpose}\0{subject}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:18]).decode()


def is_link_secret(given: str, purpose: str, subject: str) -> bool:
    """Whether ``given`` opens the address; takes the same time for every wrong answer."""
    return hmac.compare_digest(given.encode(), link_secret(purpose, subject).encode())


@cache
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in keys])


def encrypt(text: str) -> str:
    """Encrypt with the newest key."""
    return _fernet(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Decrypt with any known key. Raises ValueError when no key fits."""
    try:
        return _fernet(tuple(settings.FIELD_KEYS)).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise ValueError("encrypted with a key that is not in FIELD_KEYS") from error


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that the database sees only encrypted; equal texts differ, so keep a keyed hash beside it to look it up."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return encrypt(value) if value else value

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return decrypt(value) if value else value
