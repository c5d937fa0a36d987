"""Unspun: an article in, a grounded verdict on its framing out, over HTTP."""
