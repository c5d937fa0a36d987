"""A resource or a list of resources as an answer in the form that was asked for."""
