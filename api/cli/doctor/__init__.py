"""`unspun doctor`: a file for each thing that it checks."""
