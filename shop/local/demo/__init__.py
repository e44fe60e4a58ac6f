"""A demonstration catalogue with the structure of a real one, the same for the same size and seed.

``cars`` weighs what Ukraine drives; ``kinds`` knows each category; an ``originals.Original`` is what a car maker
fitted, with its measures (``specs``) and numbers (``numbers``); parts of several brands replace it (``parts``) and
are offered by ``suppliers`` (``offers``). ``loading`` copies it all into ``bare_tables``.
"""
