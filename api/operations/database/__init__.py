"""The database of the service: made, upgraded, and asked whether it is ready."""
