"""PostgreSQL: named SQL constants, one function each, one file a noun."""
