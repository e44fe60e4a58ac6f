"""ZIP files, workbooks among them: what they say they hold is checked, then what they really hold."""

import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from shop.lib.tables.limits import MIB, MOST_MEMBERS, MOST_RATIO, MOST_UNPACKED_BYTES, RATIO_COUNTS_FROM
from shop.lib.tables.refusal import TableRefused

_CHUNK = 1024 * 1024
_LITTER = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")
_MACROS = re.compile(r"(^|/)(vbaproject[^/]*\.bin|macrosheets/|activex/|basic/.+|scripts/.+)", re.IGNORECASE)


class Archive:
    """A ZIP whose directory is sane. Raises TableRefused."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with zipfile.ZipFile(path) as packed:
                self.members = [member for member in packed.infolist() if not member.is_dir()]
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise broken() from error
        self.names = {member.filename: member for member in self.members}
        self._check()

    def _check(self) -> None:
        if len(self.members) > MOST_MEMBERS:
            raise bomb(_("У ньому понад %(count)s файлів."), count=MOST_MEMBERS)
        if len(self.names) != len(self.members):
            raise broken()
        if sum(member.file_size for member in self.members) > MOST_UNPACKED_BYTES:
            raise bomb(_("Розпакований, він займе понад %(size)s МБ."), size=MOST_UNPACKED_BYTES // MIB)
        for member in self.members:
            if member.file_size > RATIO_COUNTS_FROM and member.file_size > MOST_RATIO * max(member.compress_size, 1):
                raise bomb(_("Він стиснутий більш ніж у %(ratio)s разів."), ratio=MOST_RATIO)
        if any(member.flag_bits & 1 for member in self.members):
            raise TableRefused("password", _("Файл захищено паролем. Надішліть без пароля."))

    @property
    def is_ods(self) -> bool:
        return "content.xml" in self.names and "mimetype" in self.names

    @property
    def is_workbook(self) -> bool:
        return self.is_ods or "[Content_Types].xml" in self.names

    def has_macros(self) -> bool:
        return any(_MACROS.search(name) for name in self.names)

    def read(self, name: str, *, most: int = 16 * MIB) -> bytes:
        """A small part, whole. Raises TableRefused when it is not small."""
        return b"".join(self.pieces(name, most=most))

    def pieces(self, name: str, *, most: int = MOST_UNPACKED_BYTES) -> Iterator[bytes]:
        """A part as it is unpacked, counted as it comes: what a directory says of its size may be a lie."""
        taken = 0
        try:
            told = self.names[name].file_size
            with zipfile.ZipFile(self.path) as packed:
                member = packed.getinfo(name)
                member.file_size = most + 1  # or else no more is unpacked than the directory says
                with packed.open(member) as file:
                    while piece := file.read(_CHUNK):
                        taken += len(piece)
                        if taken > most:
                            raise bomb(_("Розпакований, він займе понад %(size)s МБ."), size=most // MIB)
                        yield piece
            if taken != told:
                raise broken()
        except KeyError as error:
            raise broken() from error
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, OSError) as error:
            raise broken() from error


def unpack_only_file(archive: Archive) -> Path:
    """A temporary copy of the one file in the archive; the name it has there is not used for anything.

    The caller deletes it. Raises TableRefused.
    """
    files = [member for member in archive.members if not _LITTER.search(member.filename)]
    if not files:
        raise TableRefused("empty", _("В архіві немає файлів."))
    if len(files) > 1:
        names = ", ".join(PurePosixPath(member.filename.replace("\\", "/")).name[:60] for member in files[:5])
        raise TableRefused(
            "zip_content",
            _("В архіві кілька файлів: %(names)s. Надішліть один прайс-лист."),
            names=names + ("…" if len(files) > 5 else ""),
        )
    with tempfile.NamedTemporaryFile(prefix="table-", delete=False) as copy:
        try:
            for piece in archive.pieces(files[0].filename):
                copy.write(piece)
        except BaseException:
            Path(copy.name).unlink(missing_ok=True)
            raise
    return Path(copy.name)


def broken() -> TableRefused:
    return TableRefused("broken", _("Файл пошкоджено: його не вдалося розпакувати. Збережіть його ще раз."))


def bomb(why: Promise | str, **values: object) -> TableRefused:
    return TableRefused("zip_bomb", format_lazy("{} {}", _("Архів не відкрито."), why), **values)
