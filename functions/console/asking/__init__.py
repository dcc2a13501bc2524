"""How a screen is asked for something: filters, periods, where a list goes on, and files to take away."""
