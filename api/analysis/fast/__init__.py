"""The engine without a parser: a seventh of the cost, fewer fields, its own weights and figures."""
