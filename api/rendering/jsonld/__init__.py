"""JSON-LD of objects: one `@graph` of nodes with stable addresses, in terms of schema.org and our own."""
