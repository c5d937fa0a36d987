"""Verbs that requests and jobs call; a room for each noun."""
