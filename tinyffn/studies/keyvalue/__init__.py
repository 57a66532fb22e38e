"""A feed-forward layer as a key-value memory: to read it, to find a fact in it, to rewrite one."""
