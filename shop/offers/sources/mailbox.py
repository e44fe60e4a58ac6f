"""The mailbox: one for the whole shop (``PRICE_MAIL_URL``), read over IMAP.

A letter counts when its From address is exactly the one that the list names and, where our mail server writes
Authentication-Results, SPF, DKIM or DMARC passed for the sender's own domain. It is marked as read only after its file
was taken; which letters were taken is remembered by a keyed hash of Message-ID, so a letter that a person has read
before is not lost and a crash between the two takes none twice. No address is written to a log.
"""

import fnmatch
import imaplib
import io
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses
from typing import IO, Final
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils import timezone

from shop.lib.crypto import keyed_hash
from shop.offers.models import PriceListSource
from shop.offers.sources.limits import MOST_MAIL_BYTES, SILENCE_SECONDS
from shop.offers.sources.place import Found, Look, SourceProblem, is_table_name

_Problem = PriceListSource.Problem
# Letters older than this are history.
LOOKED_BACK: Final = timedelta(days=14)
_MOST_LETTERS: Final = 50
_HEADER_FIELDS: Final = "FROM MESSAGE-ID AUTHENTICATION-RESULTS"
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")
# As Date.strftime("%b") would be in English, whatever the locale.
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PASSED: Final = re.compile(r"\b(spf|dkim|dmarc)\s*=\s*pass\b([^;]*)", re.IGNORECASE)
_DOMAIN: Final = re.compile(
    r"\b(?:header\.(?:d|i|from)|smtp\.mailfrom)\s*=\s*\"?(?:[^\s;@\"]*@)?([\w.-]+)", re.IGNORECASE
)


class Mailbox:
    """Attachments of letters from one sender."""

    @contextmanager
    def look(self, source: PriceListSource) -> Iterator[Look]:
        with _opened() as imap:
            try:
                look = _look(imap, source)
            except imaplib.IMAP4.abort as error:
                raise SourceProblem(_Problem.BROKEN_OFF) from error
            except TimeoutError as error:
                raise SourceProblem(_Problem.TIMEOUT) from error
            except (imaplib.IMAP4.error, OSError) as error:
                raise SourceProblem(_Problem.BROKEN_OFF) from error
            yield look


@contextmanager
def _opened() -> Iterator[imaplib.IMAP4]:
    """Signed in, with the folder of the letters selected."""
    if not settings.PRICE_MAIL_URL:
        raise SourceProblem(_Problem.NOT_CONFIGURED)
    parts = urlsplit(settings.PRICE_MAIL_URL)
    host = parts.hostname or ""
    if parts.scheme != "imaps" and not settings.PRICE_LIST_LOOPBACK:
        raise SourceProblem(_Problem.NOT_CONFIGURED)
    imap: imaplib.IMAP4
    try:
        if parts.scheme == "imaps":
            context = ssl.create_default_context()
            imap = imaplib.IMAP4_SSL(host, parts.port or 993, ssl_context=context, timeout=SILENCE_SECONDS)
        else:
            imap = imaplib.IMAP4(host, parts.port or 143, timeout=SILENCE_SECONDS)
    except TimeoutError as error:
        raise SourceProblem(_Problem.TIMEOUT) from error
    except (imaplib.IMAP4.error, OSError) as error:
        raise SourceProblem(_Problem.UNREACHABLE) from error
    try:
        _sign_in(imap, unquote(parts.username or ""), unquote(parts.password or ""))
        folder = unquote(parts.path.strip("/")) or "INBOX"
        try:
            if imap.select(_quoted(folder))[0] != "OK":
                raise SourceProblem(_Problem.NO_MAILBOX)
        except imaplib.IMAP4.error as error:
            raise SourceProblem(_Problem.NO_MAILBOX) from error
        yield imap
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            imap.logout()


def _sign_in(imap: imaplib.IMAP4, user: str, password: str) -> None:
    try:
        imap.login(user, password)
    except imaplib.IMAP4.abort as error:
        raise SourceProblem(_Problem.BROKEN_OFF) from error
    except imaplib.IMAP4.error as error:
        raise SourceProblem(_Problem.REFUSED_LOGIN) from error
    except OSError as error:
        raise SourceProblem(_Problem.TIMEOUT if isinstance(error, TimeoutError) else _Problem.BROKEN_OFF) from error


def _look(imap: imaplib.IMAP4, source: PriceListSource) -> Look:
    look = Look(memory={})
    since = _imap_date(timezone.localdate() - LOOKED_BACK)
    _status, data = imap.uid("SEARCH", "SINCE", since, "FROM", _quoted(source.sender))
    uids = (data[0] or b"").split()[-_MOST_LETTERS:]
    for uid in uids:
        facts, head = _fetched(imap, uid, f"(RFC822.SIZE BODY.PEEK[HEADER.FIELDS ({_HEADER_FIELDS})])")
        header = _parsed(head)
        if not _is_from(header, source.sender):
            continue
        if not _is_proven(header, source.sender):
            look.problem = _Problem.UNPROVEN_SENDER
            continue
        mark = _mark(header, uid)
        if source.taken_files.filter(mark=mark).exists():
            continue
        size = _SIZE.search(facts)
        if size and int(size[1]) > MOST_MAIL_BYTES:
            look.problem = _Problem.TOO_LARGE
            continue
        attachment = _attachment(_parsed(_fetched(imap, uid, "(BODY.PEEK[])")[1]), source.file_pattern)
        if attachment is None:
            look.problem = _Problem.NO_ATTACHMENT
            continue
        look.found.append(_found(imap, uid, mark, *attachment))
    return look


def _fetched(imap: imaplib.IMAP4, uid: bytes, what: str) -> tuple[bytes, bytes]:
    """What the server says about the letter, and the literal it sent along."""
    status, answer = imap.uid("FETCH", uid.decode(), what)
    parts = [part for part in answer if isinstance(part, tuple)]
    if status != "OK" or not parts:
        return b"", b""  # deleted by somebody meanwhile
    rest = b" ".join(part for part in answer if isinstance(part, bytes))
    return parts[0][0] + b" " + rest, parts[0][1]


def _found(imap: imaplib.IMAP4, uid: bytes, mark: str, name: str, content: bytes) -> Found:
    @contextmanager
    def opened() -> Iterator[IO[bytes]]:
        yield io.BytesIO(content)

    def settle() -> None:
        with suppress(imaplib.IMAP4.error, OSError):
            imap.uid("STORE", uid.decode(), "+FLAGS.SILENT", r"(\Seen)")

    return Found(name, mark, opened, settle)


def _attachment(letter: EmailMessage, pattern: str) -> tuple[str, bytes] | None:
    """The first file whose name fits; letters of mailing programs hide them at any depth."""
    for part in letter.walk():
        name = part.get_filename()
        if not name or part.is_multipart():
            continue
        name = re.split(r"[/\\]", name)[-1]
        if is_table_name(name) and fnmatch.fnmatchcase(name.casefold(), pattern.casefold()):
            content = part.get_payload(decode=True)
            return name, content if isinstance(content, bytes) else b""
    return None


def _is_from(header: EmailMessage, sender: str) -> bool:
    """Exactly one author, exactly this address. The search of the server finds parts of names too."""
    authors = [address for _name, address in getaddresses(map(str, header.get_all("From", [])))]
    return [author.casefold() for author in authors] == [sender.casefold()]


def _is_proven(header: EmailMessage, sender: str) -> bool:
    """By the topmost Authentication-Results, the one that our own server put there; without any, nothing is known."""
    results = header.get_all("Authentication-Results", [])
    if not results:
        return True
    domain = sender.rpartition("@")[2].casefold()
    return any(
        _is_same_organisation(found.casefold(), domain)
        for passed in _PASSED.finditer(str(results[0]))
        for found in _DOMAIN.findall(passed[2])
    )


def _is_same_organisation(one: str, other: str) -> bool:
    return one == other or ("." in one and other.endswith(f".{one}")) or one.endswith(f".{other}")


def _mark(header: EmailMessage, uid: bytes) -> str:
    return keyed_hash("price-list-letter", str(header.get("Message-ID") or uid.decode()).strip())


def _parsed(content: bytes) -> EmailMessage:
    return BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(content)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _imap_date(day: date) -> str:
    return f"{day.day:02}-{_MONTHS[day.month - 1]}-{day.year}"
