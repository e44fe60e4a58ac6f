"""Cars built for North America, from the US authority's own table (NHTSA vPIC) inside the package ``ultravin``.

Every maker that sells there files what its VINs mean, so such a car is known down to the engine, without a network.
European VINs are not in the table. The package exists for one kind of machine; elsewhere nothing is known.
"""

from dataclasses import dataclass
from typing import Any, Final

from vehicles.models import Drive, Fuel

# The maker is not registered there; the year is not one; the description has faults: then the rest is a guess.
_UNSURE: Final = frozenset({5, 7, 8, 11, 400})
_FUELS: Final = {"Gasoline": Fuel.PETROL, "Diesel": Fuel.DIESEL, "Electric": Fuel.ELECTRIC}
_DRIVES: Final = (("AWD", Drive.AWD), ("4WD", Drive.AWD), ("FWD", Drive.FWD), ("RWD", Drive.RWD))


@dataclass(frozen=True, slots=True)
class UsCar:
    """What the table says. ``make`` is a slug as ours; names are the table's; unknown facts are empty or None."""

    make: str
    model: str
    series: str
    year: int
    engine: str = ""
    fuels: tuple[Fuel, ...] = ()
    drive: Drive | None = None
    displacement_cc: int | None = None
    power_hp: int | None = None
    trim: str = ""

    @property
    def title(self) -> str:
        """``Honda Accord EX-V6, 2003, 3.0, J30A4``, as the table writes it."""
        name = " ".join(part for part in (self.make.replace("-", " ").title(), self.model, self.trim) if part)
        volume = f"{self.displacement_cc / 1000:.1f}" if self.displacement_cc else ""
        return ", ".join(part for part in (name, str(self.year), volume, self.engine) if part)


def us_car(vin: str) -> UsCar | None:
    """The car of a clean VIN, or None if it was not built for that market. Takes 20 µs after the first call."""
    try:
        import ultravin  # 60 MB that only a process with a VIN to read has to hold
    except ImportError:
        return None
    found = ultravin.decode(vin)
    facts: dict[str, Any] = found["attributes"]
    make, model = str(facts.get("Make") or ""), str(facts.get("Model") or "")
    if not (make and model and found["model_year"]) or _UNSURE & set(found["error_codes"]):
        return None
    return UsCar(
        make=make.casefold().replace(" ", "-"),
        model=model,
        series=str(facts.get("Series") or ""),
        year=int(found["model_year"]),
        engine=str(facts.get("Engine Model") or ""),
        fuels=_fuels(facts),
        drive=next((drive for mark, drive in _DRIVES if mark in str(facts.get("Drive Type"))), None),
        displacement_cc=_number(facts.get("Displacement (CC)")),
        power_hp=_number(facts.get("Engine Brake (hp) From")),
        trim=str(facts.get("Trim") or ""),
    )


def _fuels(facts: dict[str, Any]) -> tuple[Fuel, ...]:
    level = str(facts.get("Electrification Level") or "")
    if "BEV" in level:
        return (Fuel.ELECTRIC,)
    if "HEV" in level:
        return (Fuel.HYBRID,)
    known = _FUELS.get(str(facts.get("Fuel Type - Primary")))
    # A table that names petrol alone may mean the hybrid of the same name.
    return () if known is None else (known, Fuel.HYBRID) if known == Fuel.PETROL else (known,)


def _number(text: object) -> int | None:
    try:
        return round(float(str(text)))
    except ValueError:
        return None
