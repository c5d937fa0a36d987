"""What the requests and jobs of a process share for its whole life, and what belongs to no noun."""
