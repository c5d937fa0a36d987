"""HTTP routes: resources, site pages, MCP, and their shared HTTP layer."""
