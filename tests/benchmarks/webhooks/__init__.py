"""What sending webhooks and streaming events costs, on real servers and real HTTP over loopback."""
