"""Clients that are generated from the contract and run against a service; none is committed."""
