"""What the service says of itself: documentation, health, files for crawlers."""
