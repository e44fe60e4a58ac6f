import pytest
from django.db import connection

from bench.recording import move_sequences, record
from bench.reference.order import _filled
from shop.delivery.models import Carrier
from shop.privacy.models import LegalDocument
from tests.factories.privacy import LegalDocumentFactory

TABLES = ["delivery_carrier", "privacy_legaldocument"]


@pytest.mark.django_db
def test_sql_of_one_act_runs_again_for_another():
    move_sequences(TABLES)
    first = LegalDocumentFactory(version=1)

    def act():
        carrier = Carrier.objects.create(code="carrier-one", name_uk="Перевізник")
        LegalDocument.objects.filter(pk=first.pk).update(body_uk=f"carrier {carrier.pk}")
        return {"document": str(first.pk), "code": "carrier-one"}

    statements = record(act, TABLES)
    assert [statement[1::2] for statement in statements] == [
        ["code"],
        ["made:delivery_carrier:0", "document"],
    ]
    second = LegalDocumentFactory(version=2)
    values, made = {"document": str(second.pk), "code": "carrier-two"}, {}
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(_filled(statement, values, made))
            if cursor.description:
                made["delivery_carrier"] = [str(cursor.fetchone()[0])]
    second.refresh_from_db()
    assert second.body_uk == f"carrier {Carrier.objects.get(code='carrier-two').pk}"
