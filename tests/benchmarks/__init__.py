"""`make bench-engine`: quality and speed of the engine."""
