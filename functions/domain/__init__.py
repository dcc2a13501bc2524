"""The decisions of the house: pure functions over contracts, told the time and everything else they need."""
