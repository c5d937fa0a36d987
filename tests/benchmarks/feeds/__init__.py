"""CPU of a worker's poller for a thousand feeds."""
