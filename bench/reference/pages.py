"""The bare views: one SELECT by primary key and a page of 20 KB; one POST that writes what an order writes."""

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

from bench.reference.order import place_order

PAGE_BYTES = 20_000


class ReferencePart(models.Model):
    """The shop's table of parts, seen without the shop."""

    article_number = models.CharField(max_length=60)
    name_uk = models.CharField(max_length=200)
    warranty_months = models.PositiveSmallIntegerField()

    class Meta:
        app_label = "reference"
        db_table = "catalog_part"
        managed = False


_ROW = (
    '<li class="row"><a href="/p/{{ part.article_number }}/">{{ part.name_uk }}</a> <b>{{ part.warranty_months }}</b>'
)
_ROWS = 8
_FILLING = "<p>Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt.</p>\n"
_HEAD = "<!doctype html><html lang=uk><title>{{ part.name_uk }}</title><h1>{{ part.article_number }}</h1>"
_BETWEEN = _FILLING * ((PAGE_BYTES - len(_HEAD) - _ROWS * 120) // _ROWS // len(_FILLING))
TEMPLATE = Engine().from_string(_HEAD + "".join(_ROW + _BETWEEN for _ in range(_ROWS)))


def page(request: HttpRequest, pk: int) -> HttpResponse:
    part = ReferencePart.objects.get(pk=pk)
    response = HttpResponse(TEMPLATE.render(Context({"part": part})))
    response.headers["Content-Length"] = str(len(response.content))
    return response


urlpatterns = [path("page/<int:pk>/", page), path("order/", place_order)]
