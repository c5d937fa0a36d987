"""`unspun llm` and `unspun eval`: requests to a language model and its answers, in files."""
