"""tinyffn: the feed-forward half of the transformer, from scratch in NumPy.

A course you can run and a library you can read. Start with `tensor.py`, then `ops/dense.py`.
"""
