"""A topic is a module of this package with `def measure(bench: Bench) -> Iterator[Row]`."""

# In the order in which they run and are shown.
TOPICS = ("library", "door", "postfix", "signer", "store")
