"""What a curious hand may put into an address of the admin: never an error page."""

import pytest
from django.contrib import admin
from django.urls import reverse

pytestmark = pytest.mark.django_db

MODELS = sorted(f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry)
HOSTILE = ["abc", "-1", "99999999999999999999999", "'; DROP TABLE x; --", "<script>", "\0", "ї" * 2000]


@pytest.mark.parametrize("model", MODELS)
def test_no_search_and_no_page_number_breaks_a_list(desk, model):
    page = reverse(f"admin:{model}_changelist")
    for query in ({"q": "'; DROP TABLE x; --"}, {"q": "\0"}, {"p": "9" * 30}, {"o": "abc"}, {"nothing__exact": "x"}):
        assert desk.get(page, query).status_code in (200, 302)


FILTERS = [
    ("orders_order", "status__exact"),
    ("orders_order", "waits"),
    ("orders_order", "placed_at_from_0"),
    ("orders_order", "placed_at_to_1"),
    ("catalog_part", "brand__id__exact"),
    ("catalog_part", "category__id__exact"),
    ("offers_offer", "warehouse__id__exact"),
    ("vehicles_modification", "generation__model__make__id__exact"),
    ("delivery_pickuppoint", "settlement__id__exact"),
    ("catalog_part", "is_active__exact"),
]


@pytest.mark.parametrize(("model", "name"), FILTERS)
def test_no_filter_breaks_a_list(desk, model, name):
    for typed in HOSTILE:
        assert desk.get(reverse(f"admin:{model}_changelist"), {name: typed}).status_code in (200, 302)


@pytest.mark.parametrize("model", MODELS)
def test_a_key_that_is_no_key_leads_back(desk, model):
    for typed in ("1 OR 1=1", "99999999999999999999999"):
        assert desk.get(reverse(f"admin:{model}_change", args=[typed])).status_code == 302


@pytest.mark.parametrize("term", HOSTILE)
def test_no_term_breaks_suggestions(desk, term):
    for app, model, field in (
        ("catalog", "part", "brand"),
        ("catalog", "part", "category"),
        ("catalog", "fitment", "modification"),
        ("offers", "stockitem", "part"),
        ("delivery", "pickuppoint", "settlement"),
    ):
        asked = {"app_label": app, "model_name": model, "field_name": field, "term": term}
        assert desk.get(reverse("admin:autocomplete"), asked).status_code in (200, 302)
