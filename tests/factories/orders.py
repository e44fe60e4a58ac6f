import uuid
from decimal import Decimal

import factory

from orders.models import Basket, BasketLine, DeliveryKind, Order, OrderLine, PaymentKind, Status
from orders.models.order import new_number
from shop.delivery.models import Carrier, PickupPoint
from shop.privacy.models import LegalDocument
from tests.factories.delivery import CarrierFactory, PickupPointFactory
from tests.factories.offers import OfferFactory, StockItemFactory
from tests.factories.privacy import LegalDocumentFactory


class BasketFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Basket


class BasketLineFactory(factory.django.DjangoModelFactory):
    """Of a supplier's offer by default; ``ours=True`` of five own pieces; ``offer=`` of a given offer."""

    class Meta:
        model = BasketLine
        exclude = ("offer",)

    offer = factory.SubFactory(OfferFactory)
    basket = factory.SubFactory(BasketFactory)
    part = factory.SelfAttribute("offer.part")
    warehouse = factory.SelfAttribute("offer.warehouse")
    price_seen = factory.SelfAttribute("offer.price")

    class Params:
        ours = factory.Trait(offer=factory.LazyFunction(lambda: own_offer()))


def own_offer(*, pieces: int = 5, price: Decimal = Decimal("150.00"), **fields):
    """An offer from our own warehouse with its stock item."""
    offer = OfferFactory(ours=True, price=price, **fields)
    StockItemFactory(part=offer.part, warehouse=offer.warehouse, on_hand=pieces)
    return offer


class OrderFactory(factory.django.DjangoModelFactory):
    """One line of 150 ₴ by Nova Poshta, paid on delivery; traits ``pickup``, ``invoice`` and one per state.

    Rows only: nothing is held and nobody is told. ``place_order`` makes the real thing.
    """

    class Meta:
        model = Order
        skip_postgeneration_save = True

    number = factory.LazyFunction(new_number)
    placement_key = factory.LazyFunction(uuid.uuid4)
    content_hash = "0" * 64
    surname = "Шевченко"
    given_name = "Олена"
    patronymic = "Іванівна"
    phone = "+380671234567"
    email = "olena@example.com"
    delivery_kind = DeliveryKind.NOVA_POSHTA
    pickup_point = factory.SubFactory(PickupPointFactory)
    carrier = factory.SelfAttribute("pickup_point.carrier")
    settlement = factory.SelfAttribute("pickup_point.settlement")
    address = "Київ (Київська область), Відділення № 1, вул. Прикладна, 1"
    payment_kind = PaymentKind.ON_DELIVERY
    goods_total = Decimal("150.00")
    total = factory.SelfAttribute("goods_total")
    offer_document = factory.SubFactory(LegalDocumentFactory, kind=LegalDocument.Kind.OFFER)

    class Params:
        pickup = factory.Trait(
            delivery_kind=DeliveryKind.PICKUP,
            pickup_point=factory.SubFactory(
                PickupPointFactory,
                kind=PickupPoint.Kind.STORE,
                carrier=factory.SubFactory(CarrierFactory, code=Carrier.SELF_PICKUP, name_uk="Самовивіз"),
            ),
        )
        invoice = factory.Trait(payment_kind=PaymentKind.INVOICE)
        confirmed = factory.Trait(status=Status.CONFIRMED)
        shipped = factory.Trait(status=Status.SHIPPED)
        completed = factory.Trait(status=Status.COMPLETED)
        cancelled = factory.Trait(status=Status.CANCELLED)

    @factory.post_generation
    def lines(self, create, extracted, **kwargs):
        if create and extracted is None:
            OrderLineFactory(order=self, price=self.goods_total)


class OrderLineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OrderLine
        exclude = ("offer",)

    offer = factory.SubFactory(OfferFactory)
    order = factory.SubFactory(OrderFactory, lines=[])
    part = factory.SelfAttribute("offer.part")
    warehouse = factory.SelfAttribute("offer.warehouse")
    brand_name = factory.SelfAttribute("part.brand.name")
    article_number = factory.SelfAttribute("part.article_number")
    name = factory.SelfAttribute("part.name_uk")
    quantity = 1
    price = factory.SelfAttribute("offer.price")
    warranty_months = 12
