#!/usr/bin/env python3
"""Shows how many states a variant of the model has, and the shortest way to each thing that is broken in it.

Usage: show.py [VARIANT...]    all of them, if none is named
"""

import pathlib
import sys
import tempfile

from checker import HOLDS, Checker, Variant
from variants import MUTANTS, WORLDS


def show(variant: Variant) -> None:
    settings = " ".join(f"{name}={value}" for name, value in variant.settings.items())
    print(f"{variant.name}: {variant.why}\n  {settings}")
    with tempfile.TemporaryDirectory(prefix="tecs-model-") as folder:
        checker = Checker(variant, pathlib.Path(folder))
        if variant.holds:
            search = checker.search_all(HOLDS)
            held = "do NOT all hold" if search.violated else "hold"
            print(f"  {search.states} states in {search.seconds:.1f} s; these {held}: {', '.join(variant.holds)}")
        for name in variant.broken:
            search = checker.search_shortest(name)
            print(f"  {name} is {'' if search.violated else 'NOT '}broken:")
            for step in search.steps:
                print(f"    {step}")


def main(arguments: list[str]) -> int:
    variants = {variant.name: variant for variant in (*WORLDS, *MUTANTS)}
    unknown = [name for name in arguments if name not in variants]
    if unknown:
        print(f"{__doc__}\nThere is no {', '.join(unknown)}. There are: {', '.join(variants)}.", file=sys.stderr)
        return 64
    for name in arguments or variants:
        show(variants[name])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
