"""The program's version, stamped on every row."""

VERSION = "0.1.0"
