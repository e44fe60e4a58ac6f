"""Which ways of paying an order has: rules are rows, the strictest wins."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from orders import reference
from orders.models import PaymentKind, PaymentRule
from orders.payments.choices import Goods, payment_options
from tests.factories import CategoryFactory, CustomerFactory

pytestmark = pytest.mark.django_db
GOODS = Goods(total=Decimal("1000.00"), weight_kg=Decimal("5"))


def options(goods=GOODS, *, delivery_kind="nova-poshta", customer=None):
    return {option.kind: option for option in payment_options(goods, delivery_kind=delivery_kind, customer=customer)}


def rule(kind=PaymentKind.ON_DELIVERY, **fields):
    return PaymentRule.objects.create(kind=kind, **fields)


def test_a_way_without_a_rule_is_not_offered():
    assert options() == {}
    rule()
    assert list(options()) == [PaymentKind.ON_DELIVERY]


def test_a_way_without_its_keys_is_not_offered(settings):
    rule(PaymentKind.LIQPAY)
    assert list(options()) == [PaymentKind.LIQPAY]
    settings.LIQPAY_PRIVATE_KEY = ""
    assert options() == {}


@pytest.mark.parametrize(
    ("fields", "goods", "refusal"),
    [
        ({"max_total": 999}, {}, "Для замовлень до 999 ₴."),
        ({"min_total": 1001}, {}, "Для замовлень від 1 001 ₴."),
        ({"max_weight_kg": Decimal("4.5")}, {}, "Для посилок до 4.5 кг."),
        ({"max_weight_kg": Decimal("4.5")}, {"weight_kg": None}, ""),
        ({"needs_own_stock": True}, {"is_all_own_stock": False}, "Лише для деталей з нашого складу."),
        ({"needs_account": True}, {}, "Лише для зареєстрованих покупців."),
        ({"max_total": 1000, "min_total": 1000, "max_weight_kg": 5}, {}, ""),
    ],
)
def test_every_condition_must_hold(fields, goods, refusal):
    rule(**fields)
    option = options(Goods(**{"total": GOODS.total, "weight_kg": GOODS.weight_kg} | goods))[PaymentKind.ON_DELIVERY]
    assert option.refusal.replace("\xa0", " ") == refusal
    assert option.is_allowed == (refusal == "")


def test_the_strictest_rule_wins():
    rule()
    rule(max_total=500)
    assert not options()[PaymentKind.ON_DELIVERY].is_allowed


def test_a_rule_counts_for_its_delivery_alone():
    rule(delivery_kind="self-pickup")
    assert options() == {}
    assert list(options(delivery_kind="self-pickup")) == [PaymentKind.ON_DELIVERY]


def test_a_rule_of_a_category_counts_for_all_below_it():
    above = CategoryFactory()
    below = CategoryFactory(parent=above)
    rule()
    rule(category=above, prepayment_percent=30)
    bare = Goods(total=GOODS.total, category_ids=frozenset({CategoryFactory().pk}))
    assert options(bare)[PaymentKind.ON_DELIVERY].prepayment == 0
    goods = Goods(total=GOODS.total, category_ids=frozenset({below.pk}))
    assert options(goods)[PaymentKind.ON_DELIVERY].prepayment == Decimal("300.00")


def test_the_larger_prepayment_counts_and_never_more_than_the_sum():
    rule(prepayment_percent=10)
    rule(prepayment_amount=Decimal("150.00"))
    assert options()[PaymentKind.ON_DELIVERY].prepayment == Decimal("150.00")
    rule(prepayment_amount=Decimal("5000.00"))
    assert options()[PaymentKind.ON_DELIVERY].prepayment == Decimal("1000.00")


def test_a_prepayment_is_rounded_to_the_kopeck():
    rule(prepayment_percent=33)
    assert options(Goods(total=Decimal("0.05")))[PaymentKind.ON_DELIVERY].prepayment == Decimal("0.02")


def test_a_known_customer_may_what_needs_an_account():
    rule(needs_account=True)
    assert options(customer=CustomerFactory())[PaymentKind.ON_DELIVERY].is_allowed


def test_the_shop_comes_with_a_rule_for_each_way_and_leaves_staff_s_alone():
    assert reference.load().added == len(PaymentKind)
    assert list(options()) == list(PaymentKind)
    PaymentRule.objects.filter(kind=PaymentKind.LIQPAY).delete()
    assert not reference.load()
    with override("en"):
        assert options()[PaymentKind.ON_DELIVERY].explanation == "Look at the parts first, then pay."


def test_the_number_of_queries_does_not_grow(django_assert_num_queries):
    for _number in range(20):
        rule(category=CategoryFactory(), max_total=2000)
    goods = Goods(total=GOODS.total, category_ids=frozenset(PaymentRule.objects.values_list("category", flat=True)))
    with django_assert_num_queries(3):
        options(goods)
