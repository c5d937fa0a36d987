"""The engines: article in, assessment out; the gate before them, and their digest."""
