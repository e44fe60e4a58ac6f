from django.utils.translation import override

from shop.catalog.fitment import CONDITIONS, EQUIPMENT, condition_texts


def test_conditions_are_said_in_one_order_whatever_the_order_of_keys():
    with override("uk"):
        told = condition_texts({"built_from": "2015-05", "disc_mm": 288, "brake_system": "TRW", "axle": "front"})
    assert told == [
        "вісь: передня",
        "гальмівна система TRW",
        "діаметр гальмівного диска 288 мм",
        "авто, випущені з 05.2015",
    ]


def test_equipment_has_names():
    with override("uk"):
        assert condition_texts({"with": "xenon-headlights"}) == ["лише якщо є: ксенонові фари"]


def test_an_unknown_key_is_shown_rather_than_hidden():
    assert condition_texts({"colour": "red"}) == ["colour: red"]


def test_every_text_takes_its_value():
    assert all("%(value)s" in text for text in CONDITIONS.values())
    assert all(name for name in EQUIPMENT.values())
