"""The double's GraphQL interface: GitHub's published schema, executed by graphql-core."""
