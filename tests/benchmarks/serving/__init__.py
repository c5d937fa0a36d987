"""What a request costs: CPU of the server's process, beside that of one that answers the same bytes always."""
