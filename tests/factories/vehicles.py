from datetime import date

import factory

from shop.lib.sorting import ukrainian_sort_key
from vehicles.models import Drive, Fuel, Generation, Modification, VehicleMake, VehicleModel


class MakeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = VehicleMake

    slug = factory.Sequence(lambda n: f"make-{n}")
    name = factory.Sequence(lambda n: f"Make {n}")
    name_uk = factory.SelfAttribute("name")
    name_sort = factory.LazyAttribute(lambda make: ukrainian_sort_key(make.name))
    country = "CZ"


class ModelFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = VehicleModel

    make = factory.SubFactory(MakeFactory)
    slug = factory.Sequence(lambda n: f"model-{n}")
    name = factory.Sequence(lambda n: f"Model {n}")
    name_sort = factory.LazyAttribute(lambda model: ukrainian_sort_key(model.name))


class GenerationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Generation

    model = factory.SubFactory(ModelFactory)
    code = factory.Sequence(lambda n: f"generation-{n}")
    slug = factory.SelfAttribute("code")
    name = "III A7 (5E3, 5E5)"
    produced_from = date(2012, 11, 1)
    produced_to = date(2020, 8, 1)


class ModificationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Modification

    generation = factory.SubFactory(GenerationFactory)
    code = factory.Sequence(lambda n: f"modification-{n}")
    slug = factory.SelfAttribute("code")
    name = "1.6 TDI"
    engine_codes = factory.LazyFunction(lambda: ["CLHA"])
    fuel = Fuel.DIESEL
    displacement_cc = 1598
    power_kw = 77
    power_hp = 105
    drive = Drive.FWD
    produced_from = date(2012, 11, 1)
    produced_to = date(2017, 12, 1)
