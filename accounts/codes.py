"""Codes that prove a mailbox or a phone: how many may be sent, and how often one may be guessed.

The limits are counted in the database and hold without the cache. They are the same for people who have an account and
for those who have none, so they tell nothing about who is registered.
"""

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.errors import CodesTooOften
from accounts.models import GuessedCode, SentCode
from shop.lib.crypto import keyed_hash
from shop.lib.locks import Lock, advisory_transaction_lock

# A code opens nothing after this; messages that are late are not sent at all (``shop.messaging.leases``).
CODES_LIVE = timedelta(minutes=10)
MOST_GUESSES = 3
_DIGITS = 6

_GUESSED = """
INSERT INTO accounts_guessedcode (key, guesses, first_at) VALUES (%(key)s, 1, %(now)s)
ON CONFLICT (key) DO UPDATE SET guesses = least(accounts_guessedcode.guesses + 1, 1000)
RETURNING guesses
"""


def new_code() -> str:
    """Six digits."""
    return get_random_string(_DIGITS, "0123456789")


@transaction.atomic
def count_sending(receiver: str, *, client: str, is_sms: bool) -> None:
    """Count one code to ``receiver`` (a phone or an address) asked for from the network address ``client``.

    Call it where there is nobody to send it to as well. Raises CodesTooOften, and counts nothing then.
    """
    # Requests at the same moment would all see the same count; codes are rare enough to wait for each other.
    advisory_transaction_lock(Lock.SENT_CODES)
    now = timezone.now()
    receiver_hash = keyed_hash("code receiver", receiver.casefold())
    address_hash = keyed_hash("code client", client)
    sent = SentCode.objects.filter(is_sms=is_sms)
    limits = settings.CODE_LIMITS["sms" if is_sms else "email"]
    for whose, span, most in (
        (Q(receiver_hash=receiver_hash), timedelta(hours=1), limits["receiver_hour"]),
        (Q(receiver_hash=receiver_hash), timedelta(days=1), limits["receiver_day"]),
        (Q(address_hash=address_hash), timedelta(hours=1), limits["client_hour"]),
        (Q(), timedelta(hours=1), limits["all_hour"]),
    ):
        if sent.filter(whose, sent_at__gt=now - span).count() >= most:
            raise CodesTooOften
    SentCode.objects.create(receiver_hash=receiver_hash, address_hash=address_hash, is_sms=is_sms, sent_at=now)


def may_guess(what: str) -> bool:
    """Count one guess at a code; ``what`` names the code and who guesses. False from the fourth on."""
    with connection.cursor() as cursor:
        cursor.execute(_GUESSED, {"key": keyed_hash("code guess", what), "now": timezone.now()})
        guesses: int = cursor.fetchone()[0]
    return guesses <= MOST_GUESSES


def forget_old() -> None:
    """Drop what no limit looks at any more."""
    SentCode.objects.filter(sent_at__lt=timezone.now() - timedelta(days=1)).delete()
    GuessedCode.objects.filter(first_at__lt=timezone.now() - timedelta(days=1)).delete()
