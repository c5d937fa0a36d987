"""Pure: an article record in, an assessment out. No I/O, no clock, no settings, no framework."""
