"""The public contract: every struct that a client sends or gets."""
