"""`python -m bench [NAME]… [--quick]`: run the benchmarks and print one table."""

import argparse
import importlib
import sys

from rich.console import Console

from bench.result import Result, show

NAMES = ("deadline", "insert", "bulk", "sweep", "timer", "delivery", "recalculate", "simulate")


def main() -> int:
    """Exit code 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure slapg, as ratios.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"all without: {', '.join(NAMES)}")
    parser.add_argument("--quick", action="store_true", help="smaller sizes and fewer rounds")
    options = parser.parse_args()
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))} (there are {', '.join(NAMES)})")
    console = Console()
    results: list[Result] = []
    for name in options.names or NAMES:
        with console.status(f"measuring: {name}"):
            results += importlib.import_module(f"bench.{name}").run(options.quick)
    show(results, console)
    return 1 if any(each.reached is False for each in results) else 0


if __name__ == "__main__":
    sys.exit(main())
