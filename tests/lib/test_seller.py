import pytest

from shop.lib.seller import DEMO_SELLER, Seller, is_iban, printed_phone

ENVIRONMENT = {
    "SELLER_NAME": "ТОВ «Деталь»",
    "SELLER_TAX_NUMBER": "14360570",
    "SELLER_ADDRESS": "м. Львів, вул. Зелена, 1",
    "SELLER_EMAIL": "shop@detail.example",
    "SELLER_PHONES": "+380322334455, +380671112233",
    "SELLER_IBAN": "UA22 3052 9900 0002 6001 2345 67890",
    "SELLER_BANK": "АТ «Банк»",
    "SELLER_HOURS": "Щодня 9:00–18:00",
}


def test_the_card_is_read_from_the_environment():
    seller = Seller.from_environment(ENVIRONMENT)
    assert seller.phones == ("+380322334455", "+380671112233")
    assert seller.iban == "UA223052990000026001234567890"
    assert seller.is_company
    assert seller.hours_en == "Щодня 9:00–18:00"


@pytest.mark.parametrize("name", list(ENVIRONMENT))
def test_a_server_without_one_of_its_seller_s_data_does_not_start(name):
    with pytest.raises(KeyError, match=name):
        Seller.from_environment({key: value for key, value in ENVIRONMENT.items() if key != name})


@pytest.mark.parametrize(
    "iban", ["", "UA223052990000026001234567891", "PL61109010140000071219812874", "UA22305299000002600123456789О"]
)
def test_a_mistyped_iban_is_refused_at_the_start(iban):
    assert not is_iban(iban)
    with pytest.raises(ValueError, match="IBAN"):
        Seller.from_environment(ENVIRONMENT | {"SELLER_IBAN": iban})


def test_numbers_are_printed_in_groups():
    assert DEMO_SELLER.iban_printed == "UA22 3052 9900 0002 6001 2345 6789 0"
    assert printed_phone("+380671234567") == "067 123 45 67"
    assert printed_phone("+48221234567") == "+48221234567"
