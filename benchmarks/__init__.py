"""Speed and size, as ratios in one run with the floor beside them; `make bench` prints the table."""
