"""`python -m slapg`, where the script is not on the path."""

from slapg.cli.app import main

main()
