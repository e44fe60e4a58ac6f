"""Cars as parts see them: make → model → generation → modification (engine variant)."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shop.lib.addresses import address_of
from shop.lib.crypto import EncryptedTextField


class Fuel(models.TextChoices):
    PETROL = "petrol", _("бензин")
    DIESEL = "diesel", _("дизель")
    HYBRID = "hybrid", _("гібрид")
    ELECTRIC = "electric", _("електро")
    LPG = "lpg", _("газ")


class Drive(models.TextChoices):
    FWD = "fwd", _("передній привід")
    RWD = "rwd", _("задній привід")
    AWD = "awd", _("повний привід")


class Body(models.TextChoices):
    """The values of ``Generation.body_types``."""

    HATCHBACK = "hatchback", _("хетчбек")
    SEDAN = "sedan", _("седан")
    ESTATE = "estate", _("універсал")
    LIFTBACK = "liftback", _("ліфтбек")
    COUPE = "coupe", _("купе")
    CONVERTIBLE = "convertible", _("кабріолет")
    SUV = "suv", _("позашляховик")
    MPV = "mpv", _("мінівен")
    VAN = "van", _("фургон")
    MINIBUS = "minibus", _("мікроавтобус")
    PICKUP = "pickup", _("пікап")
    TRUCK = "truck", _("вантажівка")


class VehicleMake(models.Model):
    """Volkswagen. ``wmi`` lists the world manufacturer identifiers that begin its VINs."""

    slug = models.SlugField(_("адреса"), unique=True)
    name = models.CharField(_("назва"), max_length=60)
    name_uk = models.CharField(_("українською"), max_length=60)
    name_sort = models.CharField(max_length=200, editable=False, db_collation="C")
    country = models.CharField(_("країна"), max_length=2)
    wmi = ArrayField(models.CharField(max_length=3), default=list, blank=True, verbose_name="WMI")
    aliases = ArrayField(models.CharField(max_length=60), default=list, blank=True, verbose_name=_("інші написання"))
    position = models.PositiveSmallIntegerField(
        _("місце серед популярних"), null=True, blank=True, help_text=_("Порожнє — марка лише в абетковому списку.")
    )
    is_active = models.BooleanField(_("показувати"), default=True)
    in_reference = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("марка")
        verbose_name_plural = _("марки")
        ordering: ClassVar = ["name_sort"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("storefront:make", self.slug)


class VehicleModel(models.Model):
    """Golf."""

    make = models.ForeignKey(VehicleMake, models.PROTECT, related_name="models", verbose_name=_("марка"))
    slug = models.SlugField(_("адреса"), max_length=80)
    name = models.CharField(_("назва"), max_length=80)
    name_sort = models.CharField(max_length=300, editable=False, db_collation="C")

    class Meta:
        verbose_name = _("модель")
        verbose_name_plural = _("моделі")
        ordering: ClassVar = ["name_sort"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["make", "slug"], name="vehicle_model_slug_in_make")]

    def __str__(self) -> str:
        return self.name


class Generation(models.Model):
    """Golf VII (5G): one body over some years. ``code`` is the stable key of the reference data."""

    model = models.ForeignKey(VehicleModel, models.PROTECT, related_name="generations", verbose_name=_("модель"))
    code = models.SlugField(max_length=120, unique=True, editable=False)
    slug = models.SlugField(_("адреса"), max_length=120)
    name = models.CharField(
        _("назва"), max_length=120, help_text=_("Назва покоління та код кузова: III A7 (5E3, 5E5).")
    )
    body_types = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name=_("кузови"))
    produced_from = models.DateField(_("випускається з"), help_text=_("Перше число місяця."))
    produced_to = models.DateField(
        _("випускалося до"), null=True, blank=True, help_text=_("Порожнє — випускається досі.")
    )

    class Meta:
        verbose_name = _("покоління")
        verbose_name_plural = _("покоління")
        ordering: ClassVar = ["produced_from", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["model", "slug"], name="generation_slug_in_model"),
            models.CheckConstraint(condition=Q(produced_from__lte=F("produced_to")), name="generation_from_before_to"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_of_model_year(self, year: int) -> bool:
        """As makers count: model year 2015 begins in the summer of 2014."""
        return self.produced_from <= date(year, 12, 31) and (
            self.produced_to is None or self.produced_to >= date(year - 1, 7, 1)
        )

    def body_names(self) -> str:
        """``ліфтбек, універсал``."""
        names = dict(Body.choices)
        return ", ".join(str(names.get(body, body)) for body in self.body_types)


class ModificationQuerySet(models.QuerySet["Modification"]):
    def active(self) -> "ModificationQuerySet":
        return self.filter(is_active=True)

    def with_names(self) -> "ModificationQuerySet":
        """With generation, model and make in the same query, as every full name of a car needs."""
        return self.select_related("generation__model__make")


class Modification(models.Model):
    """1.4 TSI 90 kW 2013-2017: the level at which parts fit. ``code`` is the stable key of the reference data."""

    generation = models.ForeignKey(
        Generation, models.PROTECT, related_name="modifications", verbose_name=_("покоління")
    )
    code = models.SlugField(max_length=160, unique=True, editable=False)
    slug = models.SlugField(_("адреса"), max_length=160)
    name = models.CharField(_("назва"), max_length=80)
    engine_codes = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name=_("коди двигуна"))
    fuel = models.CharField(_("пальне"), max_length=10, choices=Fuel.choices)
    displacement_cc = models.PositiveIntegerField(_("об'єм, см³"), null=True, blank=True)
    power_kw = models.PositiveSmallIntegerField(_("потужність, кВт"))
    power_hp = models.PositiveSmallIntegerField(_("потужність, к. с."))
    drive = models.CharField(_("привід"), max_length=3, choices=Drive.choices)
    produced_from = models.DateField(_("випускається з"))
    produced_to = models.DateField(_("випускалося до"), null=True, blank=True)
    is_active = models.BooleanField(_("показувати"), default=True)
    in_reference = models.BooleanField(default=False, editable=False)

    objects = ModificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("модифікація")
        verbose_name_plural = _("модифікації")
        ordering: ClassVar = ["produced_from", "power_kw", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["generation", "slug"], name="modification_slug_in_generation"),
            models.CheckConstraint(
                condition=Q(produced_from__lte=F("produced_to")), name="modification_from_before_to"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name()

    def get_absolute_url(self) -> str:
        generation = self.generation
        model = generation.model
        return address_of("storefront:modification", model.make.slug, model.slug, generation.slug, self.slug)

    def full_name(self) -> str:
        """``Skoda Octavia III A7 (5E3, 5E5) 1.6 TDI 77 кВт``; read rows through ``with_names()``."""
        generation = self.generation
        return f"{generation.model.make.name} {generation.model.name} {generation.name} {self.engine_name()}"

    def short_name(self) -> str:
        """``Skoda Octavia III A7 · 1.6 TDI 77 кВт``: the platform codes in brackets left out."""
        generation = self.generation
        body = generation.name.split(" (")[0]
        return f"{generation.model.make.name} {generation.model.name} {body} · {self.engine_name()}"

    def engine_name(self) -> str:
        """``1.6 TDI 77 кВт``."""
        return _("%(name)s %(power)s кВт") % {"name": self.name, "power": self.power_kw}


class GarageVehicle(models.Model):
    """A car of somebody with an account; a guest's cars stay in the browser (``vehicles.cookie``).

    ``vin`` may be a frame number; it is there only if its owner asked for it. Personal data: goes with its owner.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="garage", verbose_name=_("власник")
    )
    modification = models.ForeignKey(Modification, models.PROTECT, related_name="+", verbose_name=_("модифікація"))
    name = models.CharField(_("назва"), max_length=30, blank=True)
    vin = EncryptedTextField("VIN", blank=True)
    vin_hash = models.CharField(max_length=64, blank=True, editable=False)
    added_at = models.DateTimeField(_("додано"), auto_now_add=True)

    class Meta:
        verbose_name = _("авто в гаражі")
        verbose_name_plural = _("авто в гаражах")
        ordering: ClassVar = ["added_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "modification", "vin_hash"], name="garage_vehicle_once")
        ]
