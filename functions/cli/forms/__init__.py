"""Police forms from a CSV file: the flat spelling, the file, its faults, and the verb that sends them."""
