"""Models of the service over many steps."""
