"""``python -m bench [NAME…] [--million] [--rounds N] [--seconds N]``; the names are those of ``BENCHMARKS``."""

import argparse
import sys
import time

from bench import messages, orders, pages, pricelist, search, search_quality
from bench.engines import open_engines
from bench.report import print_table, write

BENCHMARKS = {
    "pages": pages.measure,
    "orders": orders.measure,
    "messages": messages.measure,
    "pricelist": pricelist.measure,
    "search": search.measure,
    "search-quality": search_quality.measure,
}


def main() -> int:
    """Run the named benchmarks, all by default. 0 when they ran, whether or not goals were met."""
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; all by default")
    parser.add_argument("--million", action="store_true", help="build the set of a million parts if it is not there")
    parser.add_argument("--rounds", type=int, default=5, help="shop and reference take turns this many times")
    parser.add_argument("--seconds", type=float, default=4, help="length of one turn")
    parser.add_argument("--queries", help="another table of judged queries for search-quality")
    options = parser.parse_args()
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    with open_engines() as engines:
        for name in options.names or BENCHMARKS:
            began = time.monotonic()
            results = BENCHMARKS[name](engines, options)
            print_table(name, results)
            write(name, results)
            print(f"{name}: {time.monotonic() - began:.0f} s, written to var/bench/{name}.json\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
