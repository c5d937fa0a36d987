"""The examples of the guide: read from the pages, run against a service, compared with what is shown."""
