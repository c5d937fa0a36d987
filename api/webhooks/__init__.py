"""What webhooks are made of: signatures, secrets, predicates, payloads, the schedule, the health of endpoints."""
