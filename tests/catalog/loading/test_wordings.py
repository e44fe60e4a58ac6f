import pytest

from shop.catalog.loading.wordings import read_conditions, read_position
from shop.catalog.models import Fitment

POSITIONS = [
    ("передня вісь", Fitment.Position.FRONT),
    ("Задній міст", Fitment.Position.REAR),
    ("перед. лів.", Fitment.Position.FRONT_LEFT),
    ("зад прав", Fitment.Position.REAR_RIGHT),
    ("слева", Fitment.Position.LEFT),
    ("rear axle", Fitment.Position.REAR),
    ("front right", Fitment.Position.FRONT_RIGHT),
    ("ліва / права", Fitment.Position.ANY),
    ("-", Fitment.Position.ANY),
    ("перед і зад", Fitment.Position.ANY),
    ("двигун", None),
]
CONDITIONS = [
    ("гальмівна система TRW", {"brake_system": "TRW"}),
    ("тормозная система Lucas, диск 288 мм", {"brake_system": "Lucas", "disc_mm": 288}),
    ("Ø 312", {"disc_mm": 312}),
    ("двигун CLHA", {"engine_code": "CLHA"}),
    ("з 05.2015", {"built_from": "2015-05"}),
    ("2013-2015", {"built_from": "2013-01", "built_to": "2015-12"}),
    ("без кондиціонера", {"without": "air-conditioning"}),
    ("with sports suspension", {"with": "sport-suspension"}),
    ("передня вісь; окрім таксі", {"axle": "front", "note": "окрім таксі"}),
    # Two engines cannot be one rule: the second stays in words.
    ("двигун CLHA; двигун CRKB", {"engine_code": "CLHA", "note": "двигун CRKB"}),
    ("", {}),
]


@pytest.mark.parametrize(("text", "position"), POSITIONS)
def test_places_on_a_car_are_read_in_three_languages(text: str, position: Fitment.Position | None) -> None:
    assert read_position(text) == position


@pytest.mark.parametrize(("text", "rules"), CONDITIONS)
def test_conditions_become_rules_and_the_rest_stays_a_note(text: str, rules: dict[str, object]) -> None:
    assert dict(read_conditions(text)) == rules
