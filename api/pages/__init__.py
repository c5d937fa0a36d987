"""From a page's bytes, or a text, to the article that is judged: what a page process runs.

Pure: bytes and strings in, values out. It stands on `api.analysis`, whose engines `reader` calls.
"""
