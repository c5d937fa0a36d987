"""What polling costs: CPU of a worker's poller for a thousand feeds, nearly all of which have nothing new."""
