"""The synthesized template on the emulator: events in, golden outputs out."""
