"""How the database came to its present shape. Run by `broadcaster.store` whenever it opens one."""
