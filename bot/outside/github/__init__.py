"""GitHub, by PyGithub: what upstream released, and what the catalog's own repository holds."""
