"""Site-wide documents for crawlers: sitemaps and llms.txt."""
