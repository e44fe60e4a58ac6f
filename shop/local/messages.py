"""Translations without a system gettext: compiling, and what has no translation yet.

``python -m shop.local.messages`` lists the msgids of code and templates that ``locale/`` does not answer.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from shop.local.home import PROJECT, write_atomically

# One text, or singular and plural; with its context where it has one.
type MessageId = tuple[str | None, str | tuple[str, str]]

_KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_PACKAGES = ("shop", "vehicles", "accounts", "orders", "newsletter")


def compile_changed() -> None:
    """Make ``.mo`` files that are missing or older than their ``.po``."""
    sources = [*PROJECT.glob("locale/*/LC_MESSAGES/*.po"), *PROJECT.glob("shop/*/locale/*/LC_MESSAGES/*.po")]
    for source in sorted(sources):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns > source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file)
        output = io.BytesIO()
        write_mo(output, catalogue)
        write_atomically(compiled, output.getvalue(), mode=0o644)


def asked_for() -> dict[MessageId, str]:
    """Every msgid of code and templates, and the first place it stands at."""
    found: dict[MessageId, str] = {}
    for path, source in _sources():
        for line, text, _comments, context in extract("python", io.BytesIO(source.encode()), _KEYWORDS):
            message = text if isinstance(text, str) else (text[0], text[1])
            found.setdefault((context, message), f"{path.relative_to(PROJECT)}:{line}")
    return found


def translated(language: str) -> dict[MessageId, tuple[str, ...]]:
    """What ``locale/LANGUAGE`` answers, one text or one for each plural form; empty answers do not count."""
    with (PROJECT / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file)
    answers: dict[MessageId, tuple[str, ...]] = {}
    for message in catalogue:
        texts = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        if message.id and all(texts):
            singular = message.id if isinstance(message.id, str) else (message.id[0], message.id[1])
            answers[message.context, singular] = texts
    return answers


def missing(language: str) -> dict[MessageId, str]:
    """What has no translation and where it stands. Ukrainian is the source: only its plural forms are translations."""
    answers = translated(language)
    return {
        (context, message): place
        for (context, message), place in asked_for().items()
        if (context, message) not in answers and (language != "uk" or isinstance(message, tuple))
    }


def _sources() -> Iterator[tuple[Path, str]]:
    """Python as it is, templates as Django turns them into something like it."""
    from django.utils.translation.template import templatize

    for package in _PACKAGES:
        for path in sorted((PROJECT / package).rglob("*.py")):
            yield path, path.read_text()
    for path in sorted((PROJECT / "templates").rglob("*")):
        if path.suffix in (".html", ".txt"):
            lines = templatize(path.read_text(), origin=str(path)).split("\n")
            yield path, "\n".join(line.lstrip() for line in lines)


def main() -> int:
    """Print what is missing. 1 when something is."""
    is_missing = False
    for language in ("en", "uk"):
        for (_context, message), place in missing(language).items():
            is_missing = True
            print(f"{language}  {place}  {message!r}")
    return int(is_missing)


if __name__ == "__main__":
    from django.conf import settings

    settings.configure(USE_I18N=True)
    sys.exit(main())
