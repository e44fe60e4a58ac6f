import re
from datetime import date

import pytest

from tests.factories import GenerationFactory, MakeFactory, ModelFactory, ModificationFactory
from vehicles.models import Fuel

pytestmark = pytest.mark.django_db
EUROPEAN, AMERICAN = "TMBJG7NE5G0123456", "1HGCM82633A004352"


@pytest.fixture
def octavia():
    model = ModelFactory(make=MakeFactory(name="Skoda", slug="skoda", wmi=["TMB"]), name="Octavia", slug="octavia")
    return ModificationFactory(generation=GenerationFactory(model=model, code="skoda-octavia-iii-a7", slug="iii-a7"))


@pytest.fixture
def accord():
    made = {"produced_from": date(2002, 9, 1), "produced_to": date(2008, 6, 1)}
    model = ModelFactory(make=MakeFactory(name="Honda", slug="honda", wmi=["1HG"]), name="Accord", slug="accord")
    generation = GenerationFactory(model=model, name="VII", **made)
    facts = {"name": "3.0 V6 US", "fuel": Fuel.PETROL, "displacement_cc": 2997, "power_hp": 243, "power_kw": 179}
    return ModificationFactory(generation=generation, engine_codes=["J30A4"], **facts, **made)


def look_up(client, text, **fields):
    return client.post("/cars/vin/", {"vin": text, **fields}, follow=True)


@pytest.mark.parametrize("address", ["/", "/cars/", "/cars/vin/"])
def test_the_field_for_a_vin_posts_it(client, octavia, address):
    page = client.get(address).text
    form = re.search(r'<form class="vin-form".*?</form>', page, re.DOTALL).group()
    assert 'action="/cars/vin/"' in form
    assert 'method="post"' in form
    assert 'name="csrfmiddlewaretoken"' in form


def test_an_american_vin_leads_to_the_engine_and_the_buyer_confirms(client, accord):
    answer = look_up(client, "1hgcm82633a004352")
    assert answer.redirect_chain == [("/cars/vin/", 302)]
    assert "Honda Accord EX-V6, 2003, 3.0, J30A4" in answer.text
    assert f'name="modification"\n                          value="{accord.pk}"' in answer.text
    assert "car" not in answer.context["request"].session
    assert client.get("/cars/vin/").context["request"].chosen.car is None
    client.post("/cars/chosen/", {"modification": accord.pk})
    assert "3.0 V6 US 179 кВт" in client.get("/garage/").text


def test_a_european_vin_leads_to_the_generation_and_its_year(client, octavia):
    answer = look_up(client, EUROPEAN)
    assert 'href="/cars/skoda/octavia/iii-a7/?year=2016"' in answer.text
    assert "Контрольна цифра" not in answer.text


def test_a_vin_of_which_only_the_maker_is_known_leads_to_the_make(client, octavia):
    answer = look_up(client, "TMBXXXXX5G0123456")
    assert 'href="/cars/skoda/?year=2016"' in answer.text


def test_an_unknown_maker_leads_to_the_picker_and_to_a_person(client):
    answer = look_up(client, "XXXABCD12G0123456")
    assert "Виробника за цим VIN не впізнали" in answer.text
    assert 'href="/enquiries/"' in answer.text
    assert '<a href="/cars/">Обрати вручну</a>' in answer.text


def test_a_wrong_check_digit_is_a_hint_only(client, accord):
    answer = look_up(client, "1HGCM82643A004352")
    assert "Контрольна цифра" in answer.text
    assert "Accord" in answer.text


def test_letters_read_as_digits_are_told(client, octavia):
    assert "Літер O у VIN не буває" in look_up(client, "TMBJG7NE5GO123456").text


def test_a_frame_number_is_accepted_and_explained(client):
    answer = look_up(client, "nze121-0123456")
    assert "Номер рами NZE121-0123456" in answer.text
    assert "зроблені для Японії" in answer.text


@pytest.mark.parametrize(
    "text",
    ["", "   ", "WVWZZZ1KZAW12345", "A" * 10_000, "\x00" * 17, "😀" * 17, "ЖЩЮ", "<script>", "%_\\'", "\u202eabc"],
)
def test_what_is_no_vin_is_told_and_stays_in_the_field(client, text):
    answer = client.post("/cars/vin/", {"vin": text})
    assert answer.status_code == 200
    assert 'class="field field--wrong"' in answer.text
    assert "Обрати авто без VIN" in answer.text
    assert answer.context["form"]["vin"].value() == text
    assert "<script>" not in answer.text.replace('<script type="module"', "").replace("<script src", "")
    assert "car" not in client.cookies


def test_the_vin_is_in_no_address_and_in_no_log(client, accord, caplog):
    answer = look_up(client, AMERICAN, keep="on")
    client.post("/cars/chosen/", {"modification": accord.pk})
    client.get("/garage/")
    client.post("/cars/vin/", {"vin": f"{AMERICAN}9"})
    assert AMERICAN not in "".join(address for address, _status in answer.redirect_chain)
    assert caplog.records
    assert AMERICAN not in caplog.text
    assert AMERICAN not in client.cookies["car"].value


@pytest.mark.parametrize(("fields", "kept"), [({}, ""), ({"keep": "on"}, EUROPEAN)])
def test_the_vin_stays_with_the_car_only_where_the_box_was_ticked(client, octavia, fields, kept):
    look_up(client, EUROPEAN, **fields)
    client.post("/cars/chosen/", {"modification": octavia.pk})
    assert client.get("/garage/").context["places"][0].car.vin == kept
    assert client.get("/cars/vin/").context["form"]["vin"].value() is None


def test_the_page_asks_few_questions(client, accord, django_assert_max_num_queries):
    look_up(client, AMERICAN)
    with django_assert_max_num_queries(4):
        client.get("/cars/vin/")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [(EUROPEAN, "Skoda, 2016"), ("vin: 1hgcm82633a004352", "Honda Accord"), ("NZE121-0123456", "Номер рами")],
)
def test_a_vin_in_the_search_field_leaves_the_address_at_once(client, octavia, caplog, typed, shown):
    answer = client.get("/search/", {"q": typed}, follow=True)
    assert answer.redirect_chain == [("/cars/vin/", 302)]
    assert shown in answer.text
    assert typed not in caplog.text
    assert client.get("/garage/").context["places"] == []
