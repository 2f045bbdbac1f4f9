"""Measures TECS beside what people use today; scripts/bench runs it.

    cd tests/bench && python3 -m tecs_bench --programs ../../build/bin --topic library

A topic is a module in topics/; it yields rows of figures (figures.py).
"""

import pathlib
import sys

# The servers that are measured are those of the integration tests.
INTEGRATION_TESTS = pathlib.Path(__file__).resolve().parents[2] / "integration"
if str(INTEGRATION_TESTS) not in sys.path:
    sys.path.append(str(INTEGRATION_TESTS))
