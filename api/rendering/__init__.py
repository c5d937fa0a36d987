"""Pure: from an assessment and its rows to what is served. No I/O, no clock, no settings, no framework."""
