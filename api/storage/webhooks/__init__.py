"""Endpoints, deliveries and their pace."""
