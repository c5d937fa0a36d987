"""How good and how fast the engine is: `make bench-engine`. Nothing here is needed at run time."""
