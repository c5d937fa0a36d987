"""Does a test fail when a defence is taken away? `make test-mutations`."""
