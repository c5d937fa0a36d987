"""What happened, in order: changes, events, audits."""
