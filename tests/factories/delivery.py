import factory

from shop.delivery.models import Carrier, PickupPoint, Settlement
from shop.lib.sorting import ukrainian_sort_key


class SettlementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Settlement

    slug = factory.Sequence(lambda n: f"town-{n}")
    name_uk = factory.Sequence(lambda n: f"Місто {n}")
    name_sort = factory.LazyAttribute(lambda town: ukrainian_sort_key(town.name_uk))
    oblast_uk = "Київська область"
    population = 100_000
    lat = "50.45"
    lon = "30.52"


class CarrierFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Carrier
        django_get_or_create = ("code",)

    code = Carrier.NOVA_POSHTA
    name_uk = "Нова пошта"


class PickupPointFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PickupPoint

    carrier = factory.SubFactory(CarrierFactory)
    settlement = factory.SubFactory(SettlementFactory)
    code = factory.Sequence(lambda n: f"demo-{n}")
    kind = PickupPoint.Kind.BRANCH
    name_uk = factory.Sequence(lambda n: f"Відділення № {n}")
    address_uk = "вул. Прикладна, 1"
