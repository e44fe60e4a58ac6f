"""Price lists at the desk: a file is sent, and its way is told as it is. Plain forms, without scripts."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shop.offers.models import Offer, PriceList, PriceListVersion
from tests.backoffice.price_files import file, lines, page_of, said, send, shown
from tests.factories import (
    PriceListVersionFactory,
    SupplierFactory,
)

pytestmark = pytest.mark.django_db

Status = PriceListVersion.Status


def test_an_uploaded_file_becomes_a_version_that_waits_for_its_trial_to_be_seen(desk, owner, price_list):
    version, answer = send(desk, price_list, lines())
    assert answer["Location"] == page_of("change", version)
    assert (version.number, version.file_name, version.author, version.origin) == (1, "prices.csv", owner, "upload")
    assert (version.status, version.is_held) == (Status.WAITING, True)
    assert not Offer.objects.exists()
    assert LogEntry.objects.get().change_message == "Завантажено версію 1."


def test_a_file_of_a_list_that_is_not_held_comes_in_force_by_itself(desk, price_list):
    version, _answer = send(desk, price_list, lines(), is_held=False)
    assert version.status == Status.ACTIVE
    assert price_list.offers.count() == 10


def test_a_script_is_told_where_to_go(desk, price_list):
    version, answer = send(desk, price_list, lines(), headers={"x-upload": "1"})
    assert answer.json() == {"address": page_of("change", version)}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("prices.pdf", b"%PDF-1.7 and so on", "Це PDF, а не прайс-лист"),
        ("prices.csv", b"", "Файл порожній."),
        ("prices.xlsx", b"<html><body>404</body></html>", "Усередині веб-сторінка"),
    ],
)
def test_what_is_no_table_is_refused_beside_the_field_and_nothing_is_kept(desk, price_list, name, content, words):
    answer = desk.post(
        reverse("admin:offers_pricelist_upload", args=[price_list.pk]), {"file": SimpleUploadedFile(name, content)}
    )
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not PriceListVersion.objects.exists()


def test_a_form_without_a_file_asks_for_one(desk, price_list):
    answer = desk.post(reverse("admin:offers_pricelist_upload", args=[price_list.pk]), {})
    assert answer.context["form"].errors["file"] == ["Виберіть файл."]


def test_a_file_may_be_sent_before_its_list_is_chosen(desk, price_list):
    address = reverse("admin:offers_pricelist_upload_any")
    answer = desk.post(address, {"file": file(lines())})
    assert answer.context["form"].errors["price_list"] == ["Виберіть, чий це прайс-лист."]
    desk.post(address, {"file": file(lines()), "price_list": price_list.pk})
    assert price_list.versions.get().number == 1


def test_the_file_in_force_sent_again_is_said_to_be_the_same(desk, price_list):
    version, _answer = send(desk, price_list, lines(), is_held=False)
    again, answer = send(desk, price_list, lines())
    assert again == version
    assert said(answer) == ["Це той самий файл, що й у чинній версії: нічого не зміниться."]


def test_a_new_list_leads_to_its_first_file(desk):
    supplier = SupplierFactory()
    fields = {
        "supplier": supplier.pk,
        "name": "Опт",
        "vat_percent": "20",
        "prices_include_vat": "on",
        "most_vanished_percent": "20",
        "most_price_move_percent": "15",
        "most_rejected_percent": "30",
    }
    answer = desk.post(reverse("admin:offers_pricelist_add"), fields)
    made = PriceList.objects.get()
    assert (made.supplier, made.name) == (supplier, "Опт")
    assert answer["Location"] == reverse("admin:offers_pricelist_upload", args=[made.pk])


def test_the_way_is_told_by_what_was_really_read_and_the_page_is_shown_anew_at_rest(desk, price_list):
    version = PriceListVersionFactory(
        price_list=price_list, status=Status.READING, bytes_total=4_000_000, bytes_read=1_000_000, rows_read=12345
    )
    answer = desk.get(page_of("progress", version), headers={"hx-request": "true"})
    page = answer.content.decode()
    assert 'value="25"' in page
    assert "12\u00a0345" in page
    assert "HX-Refresh" not in answer
    PriceListVersion.objects.filter(pk=version.pk).update(status=Status.WAITING)
    assert desk.get(page_of("progress", version), headers={"hx-request": "true"})["HX-Refresh"] == "true"


@pytest.mark.parametrize("status", Status.values)
def test_every_state_has_a_page_in_words(desk, price_list, status):
    version = PriceListVersionFactory(price_list=price_list, status=status, refusal="Файл порожній.")
    page = shown(desk, page_of("change", version))
    assert str(Status(status).label) in page
