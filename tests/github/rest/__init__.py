"""The double's REST interface, as GitHub's OpenAPI description has it."""
