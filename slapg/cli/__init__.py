"""The `slapg` command line: one module a command."""
