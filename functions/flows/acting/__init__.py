"""People's acts on what is sent: again, not at all, not now, all of it once more; and tasks that are done."""
