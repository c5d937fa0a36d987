"""Reading requests: headers, body, parameters, format."""
