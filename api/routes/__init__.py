"""HTTP: resources, the pages of the service, MCP, and what all of them share."""
