"""Web formats as strings and bytes: URLs, hosts, links, encodings.

It imports only `api.errors` and does no I/O.
"""
