"""The `mash` command as its users type it."""
