"""Turns a page's bytes, or a submitted text, into an article and judges it, in a confined process.

Pure: bytes and strings in, values out.
"""
