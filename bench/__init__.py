"""The numbers of docs/measurements.md: `make bench`. Percentiles and ratios; nothing here fails on a slow machine."""
