"""Stands the synthesised template up on a laptop: emulator, deploy, sinks, report, a file each."""
