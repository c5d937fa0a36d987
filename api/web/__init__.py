"""The web's own forms, as strings and bytes: addresses, hosts, links, encodings, beginnings of pages.

A leaf: it imports nothing of ours but `api.errors`, opens nothing, and knows nothing of stories.
"""
