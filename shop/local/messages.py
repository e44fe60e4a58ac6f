"""Translations without a system gettext. Ukrainian is the language of the source, English stands in ``locale/en``.

``python -m shop.local.messages`` takes the texts out of the code and the templates, adds new ones to the catalogues,
drops those that are gone, and lists what still needs words. ``… compile`` makes the ``.mo`` files that Django reads.
``locale/uk`` holds only what Ukrainian needs: plural forms, and words of other packages said our way.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from shop.local.home import PROJECT, write_atomically

_CODE = ("shop", "vehicles", "accounts", "orders", "newsletter")
_KEYWORDS = DEFAULT_KEYWORDS | {f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext")}
_KEYWORDS |= {f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("pgettext", "npgettext")}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|\[\[[\w-]+\]\]")
_CYRILLIC = re.compile("[А-яҐґЄєІіЇї]")
# Only what gettext needs: dates and names of tools would change with every run.
_HEADER = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: {language}\\n"
"Plural-Forms: {plural_forms}\\n"
"""


def texts_in_sources() -> Catalog:
    """Every translatable text of the project, with the files that say it."""
    found = Catalog()
    for path, content in _sources():
        place = str(path.relative_to(PROJECT))
        comments: tuple[str, ...] = ()
        for line, text, _notes, context in extract("python", io.BytesIO(content.encode()), _KEYWORDS, comments):
            found.add(text, locations=[(place, line)], context=context)
    return found


def update(language: str) -> None:
    """Bring one catalogue in line with the sources; words that are there stay."""
    wanted, old = texts_in_sources(), read(language)
    new = Catalog(locale=language)
    for message in _entries(old):
        if _find(wanted, message) is not None or not _is_ours(message):
            new[message.id] = message
    for message in _entries(wanted):
        known = _find(new, message)
        if known is not None:
            known.locations, known.auto_comments = message.locations, []
        elif language != "uk" or message.pluralizable:
            new[message.id] = message
    output = io.BytesIO()
    write_po(output, new, width=120, include_lineno=False, ignore_obsolete=True, omit_header=True)
    header = _HEADER.format(language=language, plural_forms=old.plural_forms)
    write_atomically(_catalogue_file(language), f"{header}\n{output.getvalue().decode()}", mode=0o644)


def problems(language: str) -> list[str]:
    """What a reader of that language would see in another one, or broken."""
    catalogue = read(language)
    found: list[str] = []
    for message in _entries(texts_in_sources()):
        if language == "uk" and not message.pluralizable:
            continue
        known = _find(catalogue, message)
        where = f"{message.locations[0][0]}: {_first(message)!r}"
        if known is None or not _strings(known) or not all(_strings(known)):
            found.append(f"no words for {where}")
        elif known.fuzzy:
            found.append(f"unsure about {where}")
        elif not _has_same_placeholders(message, known):
            found.append(f"other placeholders in {where}")
    return found


def compile_changed() -> None:
    """Make ``.mo`` files that are missing or older than their ``.po``."""
    for source in sorted((PROJECT / "locale").glob("*/LC_MESSAGES/django.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns > source.stat().st_mtime_ns:
            continue
        output = io.BytesIO()
        write_mo(output, read(source.parts[-3]))
        write_atomically(compiled, output.getvalue(), mode=0o644)


def read(language: str) -> Catalog:
    with _catalogue_file(language).open("rb") as file:
        return read_po(file, locale=language)


def _sources() -> Iterator[tuple[Path, str]]:
    """Python as it is, templates as the Python that Django makes of them."""
    for folder in _CODE:
        for path in sorted((PROJECT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text()
    for path in sorted((PROJECT / "templates").rglob("*")):
        if path.suffix in (".html", ".txt"):
            # Indented HTML would be badly indented Python.
            yield path, "\n".join(map(str.lstrip, templatize(path.read_text(), origin=str(path)).splitlines()))


def _catalogue_file(language: str) -> Path:
    return PROJECT / "locale" / language / "LC_MESSAGES" / "django.po"


def _entries(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _find(catalogue: Catalog, message: Message) -> Message | None:
    found: Message | None = catalogue.get(_first(message), message.context)
    return found


def _first(message: Message) -> str:
    text: str = message.id if isinstance(message.id, str) else message.id[0]
    return text


def _strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def _is_ours(message: Message) -> bool:
    """Texts of other packages are English; ours begin their life in Ukrainian."""
    return bool(_CYRILLIC.search(_first(message)))


def _has_same_placeholders(source: Message, known: Message) -> bool:
    """Each form says what the source says; a form of exactly one may leave the number out."""
    ids = (source.id,) if isinstance(source.id, str) else tuple(source.id)
    expected = set(_PLACEHOLDER.findall(ids[-1]))
    first, *others = [set(_PLACEHOLDER.findall(text)) for text in _strings(known)]
    return (first <= expected if source.pluralizable else first == expected) and all(
        form == expected for form in others
    )


def main(arguments: list[str]) -> int:
    if arguments == ["compile"]:
        compile_changed()
        return 0
    missing: list[str] = []
    for language in ("en", "uk"):
        update(language)
        missing += [f"{language}: {problem}" for problem in problems(language)]
    compile_changed()
    print("\n".join([*missing, f"{len(missing)} texts need words"]))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
