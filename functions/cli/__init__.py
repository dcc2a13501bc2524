"""The `mash` command: its verbs may use adapters, never handlers; left out of the Lambda package."""
