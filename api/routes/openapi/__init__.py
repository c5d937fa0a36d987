"""The OpenAPI document, generated from the routes."""
