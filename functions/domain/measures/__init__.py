"""The shared data set: K1a to K17 as exact counts of what the trail's rows say, suppressed before anybody
reads them."""
