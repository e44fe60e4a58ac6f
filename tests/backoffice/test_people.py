from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from accounts.models import Customer
from shop.privacy.models import LegalDocument
from tests.factories import CustomerFactory, LegalDocumentFactory

pytestmark = pytest.mark.django_db

PERSON = {
    "email": "oksana@shop.example",
    "surname": "Ткач",
    "given_name": "Оксана",
    "patronymic": "",
    "password1": "dovhyi-parol-1",
    "password2": "dovhyi-parol-1",
    "is_staff": "on",
}


def errors(answer):
    return answer.context["adminform"].form.errors


def test_the_owner_makes_a_member_of_staff_with_a_role(desk):
    form = desk.get(reverse("admin:accounts_customer_add")).context["adminform"].form
    roles = {str(label): value for value, label in form.fields["groups"].choices}
    assert set(roles) == {"менеджер", "контент", "склад"}
    answer = desk.post(reverse("admin:accounts_customer_add"), PERSON | {"groups": [str(roles["менеджер"])]})
    assert answer.status_code == 302
    person = Customer.objects.get(email="oksana@shop.example")
    assert person.check_password("dovhyi-parol-1")
    assert person.has_perm("orders.confirm_order")
    assert not person.is_superuser


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("email", ""),
        ("email", "не пошта"),
        ("email", "OLENA@example.com"),
        ("password2", "інший"),
        ("surname", "ш" * 61),
    ],
)
def test_wrong_values_are_refused_beside_their_field(desk, field, typed):
    CustomerFactory(email="olena@example.com")
    answer = desk.post(reverse("admin:accounts_customer_add"), PERSON | {field: typed})
    assert field in errors(answer)
    assert not Customer.objects.filter(surname="Ткач").exists()


def test_a_weak_password_is_refused(desk):
    answer = desk.post(reverse("admin:accounts_customer_add"), PERSON | {"password1": "1234", "password2": "1234"})
    assert errors(answer)
    assert not Customer.objects.filter(surname="Ткач").exists()


def test_the_journal_of_edits_holds_no_names(desk):
    desk.post(reverse("admin:accounts_customer_add"), PERSON)
    entry = LogEntry.objects.get()
    assert entry.object_repr == f"№ {Customer.objects.get(surname='Ткач').pk}"
    assert "Ткач" not in entry.change_message


def test_phones_are_masked_in_the_list_and_found_in_any_spelling(desk):
    person = CustomerFactory(phone="+380671234567")
    CustomerFactory(phone="+380509999999")
    page = desk.get(reverse("admin:accounts_customer_changelist"), {"q": "067 123-45-67"})
    assert list(page.context["cl"].result_list) == [person]
    assert "+38067•••••67" in page.content.decode()
    assert "+380671234567" not in page.content.decode().replace('value="+380671234567"', "")


def test_no_page_shows_the_hash_of_a_password(desk, owner):
    owner.set_password("dovhyi-parol-1")
    owner.save()
    desk.force_login(owner)
    page = desk.get(reverse("admin:accounts_customer_change", args=[owner.pk])).content.decode()
    assert "Задати новий пароль" in page
    assert owner.password.split("$")[-1][:6] not in page


def test_a_text_in_force_stays_as_customers_accepted_it(desk):
    document = LegalDocumentFactory(body_uk="<p>Перша</p>")
    page = reverse("admin:privacy_legaldocument_change", args=[document.pk])
    assert desk.get(page).status_code == 200
    assert desk.post(page, {"body_uk": "<p>Інша</p>", "valid_from": "2030-01-01"}).status_code == 403
    document.refresh_from_db()
    assert document.body_uk == "<p>Перша</p>"


def test_a_new_version_starts_as_a_copy(desk):
    document = LegalDocumentFactory(version=3, body_uk="<p>Перша</p>")
    add = desk.get(reverse("admin:privacy_legaldocument_new_version", args=[document.pk]))["Location"]
    initial = desk.get(add).context["adminform"].form.initial
    assert (initial["kind"], initial["body_uk"]) == ("offer", "<p>Перша</p>")
    tomorrow = timezone.localdate() + timedelta(days=1)
    fields = {"kind": "offer", "valid_from": str(tomorrow), "body_uk": "<p>Друга</p>", "body_en": ""}
    assert desk.post(reverse("admin:privacy_legaldocument_add"), fields).status_code == 302
    assert LegalDocument.objects.get(version=4).body_uk == "<p>Друга</p>"


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        '<p onclick="x()">Так</p>',
        '<a href="javascript:x()">Тут</a>',
        '<a href=" JaVaScRiPt:x()">Тут</a>',
        '<p style="color:red">Так</p>',
        "<iframe src='//evil.example'></iframe>",
    ],
)
def test_a_text_holds_plain_marks_only(desk, body):
    fields = {"kind": "offer", "valid_from": str(timezone.localdate()), "body_uk": body, "body_en": ""}
    answer = desk.post(reverse("admin:privacy_legaldocument_add"), fields)
    assert "Дозволено лише просту розмітку" in errors(answer)["body_uk"][0]
    assert not LegalDocument.objects.filter(body_uk=body).exists()


def test_a_version_cannot_come_into_force_in_the_past(desk):
    fields = {"kind": "offer", "valid_from": "2020-01-01", "body_uk": "<p>Так</p>", "body_en": ""}
    assert "valid_from" in errors(desk.post(reverse("admin:privacy_legaldocument_add"), fields))
