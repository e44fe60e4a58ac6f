import factory

from shop.catalog.models import (
    Brand,
    CarText,
    CatalogFile,
    CatalogSource,
    Category,
    CrossReference,
    FitCheck,
    Fitment,
    OeNumber,
    Part,
)
from shop.lib.sorting import ukrainian_sort_key
from tests.factories.vehicles import MakeFactory, ModificationFactory


class BrandFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Brand

    slug = factory.Sequence(lambda n: f"brand-{n}")
    name = factory.Sequence(lambda n: f"Brand {n}")
    name_sort = factory.LazyAttribute(lambda brand: ukrainian_sort_key(brand.name))


class CategoryFactory(factory.django.DjangoModelFactory):
    """A root by default; ``parent=`` makes a child."""

    class Meta:
        model = Category

    slug = factory.Sequence(lambda n: f"category-{n}")
    name_uk = factory.Sequence(lambda n: f"Категорія {n}")
    name_en = factory.Sequence(lambda n: f"Category {n}")
    fitment_kind = Category.FitmentKind.VEHICLE

    @classmethod
    def _create(cls, model_class, *args, parent=None, **kwargs):
        categories = model_class.objects
        return categories.add_child(parent, kwargs) if parent else categories.add_root(kwargs)


class CatalogSourceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CatalogSource
        django_get_or_create = ("code",)

    code = "supplier-data"
    name_uk = "Дані постачальника"
    kind = CatalogSource.Kind.SUPPLIER


class PartFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Part

    brand = factory.SubFactory(BrandFactory)
    category = factory.SubFactory(CategoryFactory)
    article_number = factory.Sequence(lambda n: f"W {n:03d}/75")
    name_uk = "Колодки гальмівні передні"


class FitmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Fitment

    part = factory.SubFactory(PartFactory)
    modification = factory.SubFactory(ModificationFactory)
    category = factory.SelfAttribute("part.category")
    source = factory.SubFactory(CatalogSourceFactory)


class OeNumberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OeNumber

    part = factory.SubFactory(PartFactory)
    make = factory.SubFactory(MakeFactory)
    number = "5Q0 698 151 B"


class FitCheckFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FitCheck

    part = factory.SubFactory(PartFactory)
    modification = factory.SubFactory(ModificationFactory)
    fits = True


class CrossReferenceFactory(factory.django.DjangoModelFactory):
    """``part`` replaces ``other``; give ``brand`` and ``number`` for a number that no part has."""

    class Meta:
        model = CrossReference

    class Params:
        other = factory.SubFactory(PartFactory)

    part = factory.SubFactory(PartFactory)
    brand = factory.SelfAttribute("other.brand")
    number = factory.SelfAttribute("other.article_number")
    source = factory.SubFactory(CatalogSourceFactory)


class CatalogFileFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CatalogFile

    source = factory.SubFactory(CatalogSourceFactory)
    kind = CatalogFile.Kind.FITMENT
    status = CatalogFile.Status.TRIED
    file_name = factory.Sequence(lambda n: f"fit-{n}.csv")
    file_hash = factory.Sequence(lambda n: f"{n:064x}")


class CarTextFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CarText

    key = factory.Sequence(lambda n: f"{n:064x}")
    text = factory.Sequence(lambda n: f"Zastava Yugo {n}")
    reason = CarText.Reason.UNKNOWN_MAKE
    rows = 1
    file = factory.SubFactory(CatalogFileFactory)
