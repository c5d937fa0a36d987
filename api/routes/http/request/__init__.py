"""What a request says: headers, body, parameters, the form asked for. Knows no answer."""
