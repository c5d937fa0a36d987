"""Export and import of all public data."""
