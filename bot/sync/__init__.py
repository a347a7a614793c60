"""New upstream releases become pull requests: what was released, which release to take, what to edit, what to open."""
