"""Cars: makes, models, generations and modifications; the chosen car, the garage, and cars by their VIN.

``chosen`` is what requests carry; ``garage`` and ``cookie`` hold the cars of one visitor; ``memory`` keeps rows that
every page names. ``vin`` reads a number, ``vin_candidates`` tells which cars it may be, ``us_market`` knows those of
North America.
"""
