import factory

from accounts.models import Customer


class CustomerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Customer
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    phone = factory.Sequence(lambda n: f"+38067{n:07d}")
    surname = "Шевченко"
    given_name = "Олена"

    class Params:
        staff = factory.Trait(is_staff=True, is_superuser=True)
