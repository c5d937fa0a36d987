"""Pages and files of the service itself: documentation, health, files for crawlers."""
