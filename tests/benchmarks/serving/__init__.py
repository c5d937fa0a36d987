"""CPU of the server's process for a request, compared with a server that always sends the same bytes."""
