import pytest
from django.db import IntegrityError, connection, transaction

from shop.privacy.handing_over import HandOverRefused, Receiver, ReceiverKind, hand_over
from shop.privacy.models import Consent, Disclosure, Purpose
from shop.privacy.subjects import Subject

pytestmark = pytest.mark.django_db
ORDER = Subject("order", 17)
TURBOSMS = Receiver(ReceiverKind.SMS_GATEWAY, "TurboSMS")
NOVA_POSHTA = Receiver(ReceiverKind.CARRIER, "Нова пошта")


def test_what_is_needed_is_passed_on_and_written_down():
    passed_on = hand_over(
        {"phone": "+380671234567", "text": "Замовлення прийнято."},
        receiver=TURBOSMS,
        purpose=Purpose.ORDER_MESSAGE,
        subject=ORDER,
    )
    assert passed_on == {"phone": "+380671234567", "text": "Замовлення прийнято."}
    row = Disclosure.objects.get()
    assert (row.receiver, row.purpose, row.fields) == ("TurboSMS", "order-message", ["phone", "text"])
    assert (row.subject_kind, row.subject_id) == ("order", "17")


def test_the_ledger_holds_names_of_fields_and_no_values():
    hand_over(
        {"phone": "+380671234567", "surname": "Шевченко"},
        receiver=NOVA_POSHTA,
        purpose=Purpose.DELIVERY,
        subject=ORDER,
    )
    row = str(Disclosure.objects.values().get())
    assert "671234567" not in row
    assert "Шевченко" not in row


def test_what_is_empty_was_not_handed_over():
    passed_on = hand_over(
        {"surname": "Шевченко", "patronymic": ""}, receiver=NOVA_POSHTA, purpose=Purpose.DELIVERY, subject=ORDER
    )
    assert passed_on == {"surname": "Шевченко"}
    assert Disclosure.objects.get().fields == ["surname"]


@pytest.mark.parametrize(
    ("receiver", "purpose", "field"),
    [
        (TURBOSMS, Purpose.ORDER_MESSAGE, "surname"),
        (TURBOSMS, Purpose.ORDER_MESSAGE, "email"),
        (NOVA_POSHTA, Purpose.DELIVERY, "vin"),
        (NOVA_POSHTA, Purpose.DELIVERY, "email"),
        (NOVA_POSHTA, Purpose.ORDER_MESSAGE, "phone"),
        (TURBOSMS, Purpose.DELIVERY, "phone"),
    ],
)
def test_what_the_purpose_does_not_need_is_refused(receiver, purpose, field):
    with pytest.raises(HandOverRefused) as refusal:
        hand_over({field: "таємниця"}, receiver=receiver, purpose=purpose, subject=ORDER)
    assert field in str(refusal.value)
    assert "таємниця" not in str(refusal.value)
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize("table", ["privacy_disclosure", "privacy_consent"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET subject_id = '18'", "DELETE FROM {}"])
def test_the_ledgers_are_added_to_and_never_edited(table, statement):
    hand_over({"phone": "+380671234567"}, receiver=TURBOSMS, purpose=Purpose.ORDER_MESSAGE, subject=ORDER)
    Consent.objects.create(
        kind=Consent.Kind.NEWSLETTER_EMAIL, is_given=True, subject_kind="order", subject_id="17", page="checkout"
    )
    with (
        pytest.raises(IntegrityError, match="added to, never edited"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
    assert Disclosure.objects.get().subject_id == "17"
    assert Consent.objects.get().subject_id == "17"


def test_handing_over_costs_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        hand_over({"phone": "+380671234567"}, receiver=TURBOSMS, purpose=Purpose.ORDER_MESSAGE, subject=ORDER)
