"""JSON-LD of each object: one `@graph` of nodes with stable addresses, in the words of schema.org and ours."""
