"""Benchmarks: ``python -m bench [NAME…]``, or ``bin/bench``.

Each figure stands beside a reference measured in the same run, on the same engines, by the same load generator and
under the same gunicorn, because machines differ. ``var/bench/NAME.json`` keeps the last run, ``docs/benchmarks.md``
the figures we publish with the machine they were taken on.
"""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
