"""How fast Kariz is, beside a bare application on the same machine. `make bench` runs it and writes docs/bench.md."""
