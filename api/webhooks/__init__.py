"""Webhooks: signatures, secrets, predicates, payloads, retries and endpoint health."""
