"""Clients that generators make from the contract, used on a running service; none of them is committed."""
