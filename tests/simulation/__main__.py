"""`python -m tests.simulation`: many seeds and every mutant, as `make sim` does."""

import sys

from tests.simulation.figures import main

if __name__ == "__main__":
    sys.exit(main())
