"""The engine without a parser: a tenth of the cost, fewer fields, weights of its own."""
