"""The engine without a parser: a tenth of the cost, fewer fields, its own weights and figures."""
