from datetime import date

import factory

from shop.privacy.models import LegalDocument


class LegalDocumentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LegalDocument
        django_get_or_create = ("kind", "version")

    kind = LegalDocument.Kind.OFFER
    version = 1
    valid_from = date(2026, 1, 1)
    body_uk = "<p>Умови</p>"
