"""What may be sent to a language model, and what a call may cost."""
