"""The synthesised template on the emulator: events in, golden outputs out."""
