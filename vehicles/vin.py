"""What a VIN says by itself, and frame numbers of cars built for Japan.

ISO 3779: 17 digits and Latin letters without I, O, Q. 1-3 maker (WMI), 4-8 description, 9 check digit (mandatory in
North America and China only; European makers put anything there), 10 model year (not every European maker),
11 plant, 12-17 serial number, of which the last four are digits. 49 CFR 565 gives the check digit and the years.

A VIN is personal data: it is never written to a log or put into an address. ``masked`` is what may be shown in lists.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_LENGTH: Final = 17
# Nobody types more, and nobody should wait for what a robot sends.
_LONGEST_TEXT: Final = 60
_LOOK_ALIKES: Final = str.maketrans("АВЕІЇКМНОРСТУХЅЈ", "ABEIIKMHOPCTYXSJ")
_MISREAD: Final = {"O": "0", "Q": "0", "I": "1"}
_LABEL: Final = re.compile(r"^\W*(?:VIN|ВІН|ВИН)[\s.:№#-]+")
_VIN: Final = re.compile(r"[A-HJ-NPR-Z0-9]{13}[0-9]{4}")
# NZE121-0123456, GE6-1234567, S15-012345: model code, dash, serial number.
_FRAME: Final = re.compile(r"([A-Z]{1,5}[0-9]{1,4}[A-Z]{0,3})-([0-9]{6,7})")
_VALUES: Final = dict(zip("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", "012345678912345678123457923456789", strict=True))
_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_YEAR_CODES: Final = "ABCDEFGHJKLMNPRSTVWXY123456789"
_FIRST_YEAR: Final = 1980
# Their tenth character is no year: Renault, Peugeot, Citroën, Mercedes, Fiat, Alfa, Lancia, Toyota built in
# Europe, Ford of Europe (which has a code of its own further on).
_WITHOUT_YEAR: Final = (
    "VF", "VR", "WDB", "WDC", "WDD", "WDF", "ZAR", "ZFA", "ZLA", "SB1", "NMT", "VNK", "WF0",
)  # fmt: skip


class CheckDigit(StrEnum):
    """``NOT_USED`` outside North America and China: there the ninth character may be anything."""

    RIGHT = "right"
    WRONG = "wrong"
    NOT_USED = "not-used"


@dataclass(frozen=True, slots=True)
class VinReading:
    """A text that has the form of a VIN. Nothing here is certain: the buyer confirms the car.

    ``vin`` is clean: 17 Latin letters and digits. ``wmi`` are its first three characters. ``years`` are the model years
    it may mean, newest first, empty where its maker does not write them. ``corrected`` names the letters that were
    read as digits ("O", "I", "Q"): tell the buyer.
    """

    vin: str
    check_digit: CheckDigit
    years: tuple[int, ...]
    corrected: tuple[str, ...] = ()

    @property
    def wmi(self) -> str:
        return self.vin[:3]

    @property
    def masked(self) -> str:
        return masked(self.vin)

    @property
    def is_north_american(self) -> bool:
        """Built in North America; cars built elsewhere for its market are known by their description only."""
        return self.vin[0] in "12345"


def read_vin(text: str) -> VinReading | None:
    """The VIN in what somebody typed or pasted, or None if it is none.

    Blanks, dashes, lower case, Cyrillic look-alikes and a leading "VIN:" are understood; O and Q become 0, I becomes 1.
    A wrong check digit is told in the reading and refuses nothing. Takes microseconds for any text.
    """
    typed = _typed(text)
    vin = "".join(_MISREAD.get(letter, letter) for letter in typed)
    if not _VIN.fullmatch(vin) or sum(letter.isdigit() for letter in vin[:3]) > 2 or len(set(vin)) < 5:
        return None
    return VinReading(
        vin=vin,
        check_digit=_check(vin),
        years=_years(vin),
        corrected=tuple(sorted({letter for letter in typed if letter in _MISREAD})),
    )


def read_frame_number(text: str) -> str | None:
    """``nze121-0123456`` → ``NZE121-0123456``: the number of a car built for Japan, or None.

    The dash is asked for, because without it many article numbers look the same. Such a number tells the body and the
    engine in the maker's own code; this shop keeps it with the car and asks the buyer for the rest.
    """
    if len(text) > _LONGEST_TEXT:
        return None
    found = _FRAME.fullmatch(_plain(re.sub(r"\s+", "", re.sub(r"[‐-―−]", "-", text))))
    return found.group() if found else None


def read_car_number(text: str) -> str:
    """The clean VIN or frame number in ``text``, or nothing."""
    reading = read_vin(text)
    return reading.vin if reading else read_frame_number(text) or ""


def vin_problem(text: str) -> str:
    """Why ``text`` is no VIN, for people; empty if it is one."""
    if read_vin(text) is not None:
        return ""
    typed = _typed(text)
    if not typed:
        return _("Впишіть VIN: 17 знаків, вони є у свідоцтві про реєстрацію та під лобовим склом.")
    if strange := sorted({letter for letter in typed if not (letter.isascii() and letter.isalnum())}):
        return _("У VIN бувають лише латинські літери та цифри, а тут є «%(letters)s».") % {
            "letters": "".join(strange[:10])
        }
    if len(typed) != _LENGTH:
        return ngettext(
            "VIN має 17 знаків, а тут %(count)s знак.", "VIN має 17 знаків, а тут %(count)s знаків.", len(typed)
        ) % {"count": len(typed)}
    return _("Це не схоже на VIN: останні чотири знаки мають бути цифрами. Звірте зі свідоцтвом про реєстрацію.")


def masked(number: str) -> str:
    """``WVW…3456``: the maker and the last digits, enough for its owner, too little for anybody else."""
    return f"{number[:3]}…{number[-4:]}" if number else ""


def _typed(text: str) -> str:
    """Upper case, look-alikes folded, without blanks, dashes and a leading "VIN:". Cut: more is no VIN anyway."""
    plain = _LABEL.sub("", text[: _LONGEST_TEXT * 2].upper()).translate(_LOOK_ALIKES)
    return "".join(letter for letter in plain if not letter.isspace() and unicodedata.category(letter)[0] not in "PSC")


def _plain(text: str) -> str:
    return text.upper().translate(_LOOK_ALIKES)


def _check(vin: str) -> CheckDigit:
    if vin[0] not in "12345L":
        return CheckDigit.NOT_USED
    remainder = sum(int(_VALUES[letter]) * weight for letter, weight in zip(vin, _WEIGHTS, strict=True)) % 11
    return CheckDigit.RIGHT if vin[8] == "0123456789X"[remainder] else CheckDigit.WRONG


def _years(vin: str) -> tuple[int, ...]:
    code = _YEAR_CODES.find(vin[9])
    if code < 0 or vin.startswith(_WITHOUT_YEAR):
        return ()
    last = timezone.localdate().year + 1
    years = list(range(_FIRST_YEAR + code, last + 1, len(_YEAR_CODES)))
    if vin[0] in "12345":
        # Passenger cars of North America: a letter in the seventh place since 2010.
        years = [year for year in years if (year >= 2010) == vin[6].isalpha()] or years
    return tuple(reversed(years))
