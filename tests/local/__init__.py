"""The laptop stage: its sinks, its assembly, its emulator."""
