"""One client for OpenAI-compatible servers of language models, hosted or local.

It sends one request and names the outcome; it knows no prompt, budget, job or setting.
"""
