"""A deterministic simulation: tables in memory, tasks that interleave by a seed, and faults at every call."""
