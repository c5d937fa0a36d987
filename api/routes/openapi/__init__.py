"""The OpenAPI document, made of what routes say of themselves."""
