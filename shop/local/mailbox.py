"""What left the shop on this machine: letters as the mail server took them, texts as the fake gateways took them.

One file each in ``$SHOP_HOME/mailbox``, named by the moment of its arrival in nanoseconds: ``.eml`` and ``.json``.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from functools import lru_cache
from pathlib import Path

_NAME = re.compile(r"(\d{1,20})[\w.-]*\.(eml|json)")


@dataclass(frozen=True)
class Mail:
    """A letter. ``number`` is its address in the mailbox."""

    number: int
    received_at: datetime
    sender: str
    receivers: str
    subject: str
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]
    is_text_message: bool = False


@dataclass(frozen=True)
class TextMessage:
    """An SMS."""

    number: int
    received_at: datetime
    sender: str
    receivers: str
    text: str
    is_text_message: bool = True


def newest(folder: Path, count: int = 100) -> list[Mail | TextMessage]:
    """The last ``count`` messages, newest first."""
    files = sorted(_files(folder), reverse=True)[:count]
    return [_read(path, number) for number, path in files]


def find(folder: Path, number: int) -> Mail | TextMessage | None:
    """One message by its number."""
    for known, path in _files(folder):
        if known == number:
            return _read(path, number)
    return None


def _files(folder: Path) -> Iterator[tuple[int, Path]]:
    for path in folder.iterdir():
        if match := _NAME.fullmatch(path.name):
            yield int(match[1]), path


@lru_cache(maxsize=500)
def _read(path: Path, number: int) -> Mail | TextMessage:
    """Files are written once and whole, so what was read stays true."""
    received_at = datetime.fromtimestamp(number / 1e9, UTC)
    if path.suffix == ".json":
        told = json.loads(path.read_text())
        return TextMessage(number, received_at, told["sender"], told["phone"], told["text"])
    letter = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(path.read_bytes())
    return Mail(
        number=number,
        received_at=received_at,
        sender=str(letter["From"] or ""),
        receivers=str(letter["X-Envelope-To"] or ""),
        subject=str(letter["Subject"] or ""),
        text=_part(letter, "plain"),
        html=_part(letter, "html"),
        headers=tuple((name, str(value)) for name, value in letter.items() if not name.startswith("X-Envelope-")),
    )


def _part(letter: EmailMessage, kind: str) -> str:
    body = letter.get_body((kind,))
    return str(body.get_content()) if body is not None else ""
