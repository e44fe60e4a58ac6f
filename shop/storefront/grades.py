"""What the grade of a brand means, for people who do not know four hundred of them."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from shop.catalog.models import Brand

# In the order of trust and price.
GRADES: Final = [
    (Brand.Tier.ORIGINAL.label, _("деталь у коробці виробника авто: така сама, як стояла на заводі")),
    (Brand.Tier.OE.label, _("виробник постачає деталі на складальні конвеєри автозаводів, але продає під своїм ім’ям")),
    (Brand.Tier.PREMIUM.label, _("якість рівня оригіналу на ринку запчастин")),
    (Brand.Tier.STANDARD.label, _("добре співвідношення ціни та ресурсу")),
    (Brand.Tier.BUDGET.label, _("найнижча ціна, ресурс зазвичай менший")),
]
