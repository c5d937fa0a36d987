"""What crawlers read of the whole: sitemaps and llms.txt."""
