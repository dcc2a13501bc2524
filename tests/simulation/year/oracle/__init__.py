"""When clocks should fire, worked out from what was told and from nothing of ours but due times."""
