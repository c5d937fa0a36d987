"""`make soak`: growth under steady load."""
