"""The people and organisations named in a text, its voices, and the publisher's role."""
