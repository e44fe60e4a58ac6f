"""Translations without a system gettext."""

import io

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from shop.local.home import PROJECT, write_atomically


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
