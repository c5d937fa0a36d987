"""What every route needs of HTTP: reading a request, admitting it, and answering."""
