"""From the bytes of a feed, or of a page that names feeds, to entries and addresses. On `api.web` alone."""
