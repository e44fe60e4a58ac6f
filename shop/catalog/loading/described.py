"""A car as a file describes it: the cells of a row that speak of it, and the figures in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from shop.catalog.car_words import FUEL_OF
from shop.lib.letters import root, sound
from vehicles.models import Fuel

# In this order they make the text that staff see and the key of a rule.
CAR_FIELDS: Final = (
    "make", "car", "model", "generation", "engine", "engine_code", "displacement", "fuel", "power_kw", "power_hp",
    "power", "years", "years_from", "years_to",
)  # fmt: skip
LONGEST_TEXT: Final = 500
_SHOWN_WITH: Final = {
    "power_kw": "{} кВт", "power_hp": "{} к. с.", "engine_code": "[{}]", "years_from": "з {}", "years_to": "до {}",
}  # fmt: skip
_FUEL_WORDS: Final = {
    "petrol": Fuel.PETROL, "gasoline": Fuel.PETROL, "otto": Fuel.PETROL, "benzin": Fuel.PETROL, "б": Fuel.PETROL,
    "diesel": Fuel.DIESEL, "дт": Fuel.DIESEL, "д": Fuel.DIESEL, "d": Fuel.DIESEL, "hybrid": Fuel.HYBRID,
    "electric": Fuel.ELECTRIC, "електричний": Fuel.ELECTRIC, "электрический": Fuel.ELECTRIC, "ev": Fuel.ELECTRIC,
    "lpg": Fuel.LPG, "cng": Fuel.LPG, "газ": Fuel.LPG,
}  # fmt: skip
_KW: Final = re.compile(r"(\d{1,4})(?:[.,]\d)?\s*(?:квт|kw)(?![a-zа-яіїє])", re.IGNORECASE)
_HP: Final = re.compile(
    r"(\d{1,4})(?:[.,]\d)?\s*(?:к\.?\s?с\.?|л\.?\s?с\.?|hp|ps|bhp|cv|кінських\s+сил)(?![a-zа-яіїє])", re.IGNORECASE
)
_CC: Final = re.compile(r"(\d{3,5})\s*(?:см3|см³|см\^3|ccm|cm3|cm³|cc|куб\.?\s?см)(?![a-zа-яіїє0-9])", re.IGNORECASE)
_LITRES: Final = re.compile(r"^(\d{1,2})[.,](\d)\d{0,2}\s*(?:л|l|liters?|litres?|літрів|литра?)?\.?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CarWords:
    """The cells by field, blanks tidied; only fields that are filled in."""

    cells: tuple[tuple[str, str], ...]

    def __getitem__(self, field: str) -> str:
        return next((value for name, value in self.cells if name == field), "")

    def with_cell(self, field: str, text: str) -> "CarWords":
        """The same car but for one cell that was filled in."""
        return CarWords(tuple((name, text if name == field else value) for name, value in self.cells))

    @property
    def key(self) -> str:
        """The same for the same words, whatever file and column order they come in."""
        return sha256("\x1f".join(f"{name}={value.casefold()}" for name, value in self.cells).encode()).hexdigest()

    @property
    def text(self) -> str:
        said = (_SHOWN_WITH.get(name, "{}").format(value) for name, value in self.cells)
        return " · ".join(said)[:LONGEST_TEXT]


def car_words(cells: Mapping[str, str]) -> CarWords:
    # Lines of one cell are several cars.
    tidy = ((name, _tidy(cells.get(name, ""), joint="; " if name in ("car", "model") else " ")) for name in CAR_FIELDS)
    return CarWords(tuple((name, value[:300]) for name, value in tidy if value and value not in ("-", "–", "—")))


def _tidy(text: str, *, joint: str) -> str:
    lines = (" ".join(line.split()) for line in text.replace("\0", "").splitlines())
    return joint.join(line for line in lines if line).strip(" ;")


def read_power(text: str, unit: str = "") -> tuple[int | None, int | None]:
    """kW and hp in ``77 кВт / 105 к.с.``, ``77/105``; in ``77`` by the ``unit`` of the column."""
    kw, hp = _KW.search(text), _HP.search(text)
    if kw or hp:
        return int(kw[1]) if kw else None, int(hp[1]) if hp else None
    if match := re.fullmatch(r"\s*(\d{2,4})\s*[/|]\s*(\d{2,4})\s*", text):
        low, high = sorted((int(match[1]), int(match[2])))
        return low, high
    if match := re.fullmatch(r"\s*(\d{1,4})(?:[.,]\d+)?\s*", text):
        figure = int(match[1])
        return (figure, None) if unit == "kw" else (None, figure) if unit == "hp" else (None, None)
    return None, None


def read_volume(text: str) -> tuple[int, int] | None:
    """The least and the most cubic centimetres that ``1.6``, ``1,6 л``, ``1598`` or ``1598 см³`` may mean."""
    text = text.strip()
    if match := _CC.fullmatch(text) or re.fullmatch(r"(\d{3,5})(?:[.,]0+)?", text):
        return int(match[1]) - 15, int(match[1]) + 15
    if match := _LITRES.match(text):
        cc = int(match[1]) * 1000 + int(match[2]) * 100
        return cc - 60, cc + 60
    return None


def read_fuel(text: str) -> str | None:
    """None where the word is no fuel; the first known word decides."""
    for word in re.split(r"[\s/,;()+\-]+", text.casefold()):
        if fuel := _FUEL_WORDS.get(word) or (FUEL_OF.get(root(sound(word))) if len(word) > 3 else None):
            return str(fuel)
    return None


def take_figures(text: str) -> tuple[str, int | None, int | None, tuple[int, int] | None]:
    """The text without its kW, hp and cubic centimetres, and these."""
    kw, hp, cc = _KW.search(text), _HP.search(text), _CC.search(text)
    volume = read_volume(cc[0]) if cc else None
    for pattern in (_KW, _HP, _CC):
        text = pattern.sub(" ", text)
    return text, int(kw[1]) if kw else None, int(hp[1]) if hp else None, volume
