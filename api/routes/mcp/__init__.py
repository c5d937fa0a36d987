"""The same answers as tools of the Model Context Protocol."""
