"""Everything public, out of the database and into it."""
