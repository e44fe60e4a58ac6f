"""Places on a car and conditions in the words of suppliers: what is understood becomes data, the rest stays text."""

import re
from functools import lru_cache
from typing import Any, Final

from shop.catalog.conditions import LONGEST_NOTE
from shop.catalog.loading.years import read_years, year_month
from shop.catalog.models import Fitment

_Position = Fitment.Position
_FRONT: Final = re.compile(r"(?<!\w)(?:перед\w*|спереду|спереди|front|fr|va|пер)(?!\w)", re.IGNORECASE)
_REAR: Final = re.compile(r"(?<!\w)(?:зад\w*|ззаду|сзади|rear|back|ha|rr)(?!\w)", re.IGNORECASE)
_LEFT: Final = re.compile(r"(?<!\w)(?:лів\w*|лев\w*|ліворуч|слева|left|lh|l|л)(?!\w)", re.IGNORECASE)
_RIGHT: Final = re.compile(r"(?<!\w)(?:прав\w*|праворуч|справа|right|rh|r|п)(?!\w)", re.IGNORECASE)
_BY_SIDES: Final = {
    # front, rear, left, right
    (False, False, False, False): _Position.ANY,
    (True, False, False, False): _Position.FRONT,
    (False, True, False, False): _Position.REAR,
    (False, False, True, False): _Position.LEFT,
    (False, False, False, True): _Position.RIGHT,
    (True, False, True, False): _Position.FRONT_LEFT,
    (True, False, False, True): _Position.FRONT_RIGHT,
    (False, True, True, False): _Position.REAR_LEFT,
    (False, True, False, True): _Position.REAR_RIGHT,
}
_ANYWHERE: Final = re.compile(
    r"^\s*(?:[-–—]|будь-де|всі|усі|обидві|все|обе|любая|any|all|both|вісь|ось|axle|сторона|side|"
    r"міст|мост|колесо|wheel|ліва\s*/\s*права|left\s*/\s*right|[lл]\s*[/+]\s*[rп])?\s*$",
    re.IGNORECASE,
)


@lru_cache(maxsize=5_000)
def read_position(text: str) -> Fitment.Position | None:
    """``передня вісь`` → FRONT, ``front left`` → FRONT_LEFT; both sides are no side. None where it says no place."""
    if _ANYWHERE.match(text):
        return _Position.ANY
    front, rear, left, right = (bool(pattern.search(text)) for pattern in (_FRONT, _REAR, _LEFT, _RIGHT))
    if not (front or rear or left or right):
        return None
    if front and rear:
        front = rear = False
    if left and right:
        left = right = False
    return _BY_SIDES[front, rear, left, right]


_BRAKES: Final = re.compile(
    r"^(?:гальмівна\s+система|тормозная\s+система|гальма|тормоза|brake\s+system|brakes?|система)\s*:?\s*"
    r"(?P<maker>ate|trw|lucas|bosch|brembo|girling|bendix|akebono|sumitomo|nissin|teves|mando|advics)$",
    re.IGNORECASE,
)
_DISC: Final = re.compile(
    r"^(?:(?:діаметр|диаметр|diameter)?\s*(?:гальмівного|тормозного|brake)?\s*(?:диска?у?|disc|rotor)?\s*(?:[øØ⌀]|:)?)\s*"
    r"(?P<mm>[1-4]\d\d)(?:[.,]0+)?\s*(?:мм|mm)?$",
    re.IGNORECASE,
)
_SAYS_DISC: Final = re.compile(r"диск|disc|rotor|діаметр|диаметр|diameter|[øØ⌀]", re.IGNORECASE)
_ENGINE: Final = re.compile(
    r"^(?:код\s+)?(?:двигуна?|двигателя?|мотора?|engine(?:\s+code)?)\s*:?\s*"
    r"(?P<code>[A-Z0-9]{2,12}(?:[ \-][A-Z0-9]{1,6})?)$",
    re.IGNORECASE,
)
_BUILT: Final = re.compile(
    r"^(?:авто,?\s+|рік\s+випуску|год\s+выпуска|роки\s+випуску|годы\s+выпуска|випуск\w*|выпуск\w*|built|production|"
    r"years?)?\s*:?\s*(?P<years>(?:з|із|від|с|от|from|до|по|to|since|until|\d).*)$",
    re.IGNORECASE,
)
_EQUIPMENT: Final = {
    "sport-suspension": r"спортивн\w*\s+п[іо]дв[іе]с\w*|sports?\s+suspension",
    "air-conditioning": r"кондиц[иі]онер\w*|air\s*condition\w*|a/c|ac",
    "start-stop": r"(?:системо?\w*\s+)?(?:старт|start)\s*[-/ &]?\s*(?:стоп|stop)\w*(?:\s+system)?",
    "electric-parking-brake": r"електр\w*\s+(?:стоян\w*|ручн\w*)\s+гальм\w*|"
    r"электр\w*\s+(?:стоян\w*|ручн\w*)\s+тормоз\w*|"
    r"electric(?:al)?\s+parking\s+brake|epb",
    "wear-sensor": r"датчик\w*\s+(?:зносу|износа)(?:\s+(?:колодок|гальм\w*|тормоз\w*))?|"
    r"wear\s+(?:sensor|indicator|warning)",
    "xenon-headlights": r"ксенон\w*(?:\s+фар\w*)?|xenon(?:\s+headlights?)?",
    "parking-sensors": r"парктрон\w*|датчик\w*\s+(?:паркування|парковки)|parking\s+sensors?|pdc",
    "automatic-gearbox": r"акпп|автоматичн\w*\s+короб\w*(?:\s+передач)?|автоматическ\w*\s+короб\w*(?:\s+передач)?|"
    r"automatic\s+(?:gearbox|transmission)",
}
_WITH: Final = re.compile(
    r"^(?:(?:для\s+)?(?:авто\w*\s+)?(?:з|із|зі|с|со|with|for(?:\s+vehicles)?\s+with|є|есть)\s+)", re.IGNORECASE
)
_WITHOUT: Final = re.compile(
    r"^(?:(?:для\s+)?(?:авто\w*\s+)?(?:без|without|w/o|не\s+для|немає|нет|no)\s+)", re.IGNORECASE
)


@lru_cache(maxsize=20_000)
def read_conditions(text: str) -> tuple[tuple[str, str | int], ...]:
    """Rules as ``shop.catalog.conditions`` keeps them, in order of their keys; what is not understood is a ``note``."""
    rules: dict[str, str | int] = {}
    rest: list[str] = []
    for piece in re.split(r"\s*(?:[;\n\r|]|,(?!\d))\s*", text.strip()):
        found = _rule(piece.strip(" .")) if piece else {}
        if found is None or found.keys() & rules.keys():
            rest.append(piece)
        else:
            rules |= found
    if rest:
        note = "; ".join(rest)
        rules["note"] = note if len(note) <= LONGEST_NOTE else f"{note[: LONGEST_NOTE - 1]}…"
    return tuple(sorted(rules.items()))


def _rule(piece: str) -> dict[str, Any] | None:
    """The rule of one piece; an empty one for an empty piece, None for words without a rule."""
    if not piece.strip("-–— "):
        return {}
    if match := _BRAKES.match(piece):
        return {"brake_system": match["maker"].upper() if len(match["maker"]) <= 3 else match["maker"].title()}
    if (match := _DISC.match(piece)) and _SAYS_DISC.search(piece):
        return {"disc_mm": int(match["mm"])}
    if (match := _ENGINE.match(piece)) and re.search(r"[a-z]", match["code"], re.IGNORECASE):
        return {"engine_code": match["code"].upper()}
    for begin, key in ((_WITHOUT, "without"), (_WITH, "with")):
        if (match := begin.match(piece)) and (kind := _equipment(piece[match.end() :])):
            return {key: kind}
    if kind := _equipment(piece):
        return {"with": kind}
    position = read_position(piece)
    if position in _AXLES and re.fullmatch(r"[\w/ ]{1,24}", piece) and _IS_PLACE.fullmatch(piece):
        return _AXLES[position]
    if (match := _BUILT.match(piece)) and (years := read_years(match["years"])):
        bounds = {"built_from": years.first, "built_to": years.last}
        return {key: year_month(month) for key, month in bounds.items() if month is not None}
    return None


_IS_PLACE: Final = re.compile(
    r"(?:перед\w*|спереду|спереди|front|зад\w*|ззаду|сзади|rear|лів\w*|лев\w*|ліворуч|слева|left|прав\w*|праворуч|справа|"
    r"right)(?:\s+(?:вісь|ось|axle|сторона|side|міст|мост))?",
    re.IGNORECASE,
)
_AXLES: Final[dict[Any, dict[str, str]]] = {
    _Position.FRONT: {"axle": "front"},
    _Position.REAR: {"axle": "rear"},
    _Position.LEFT: {"side": "left"},
    _Position.RIGHT: {"side": "right"},
}


def _equipment(words: str) -> str | None:
    return next((kind for kind, said in _EQUIPMENT.items() if re.fullmatch(said, words.strip(), re.IGNORECASE)), None)
