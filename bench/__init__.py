"""Benchmarks of slapg against written-down peers, as ratios taken in one run: `python -m bench`."""
