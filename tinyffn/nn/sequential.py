"""Layers one after the other."""

from tinyffn.nn.module import Module


class Sequential(Module):
    """Apply layers in order; a layer is any function of one tensor, a Module or an op."""

    def __init__(self, *layers):
        for i, layer in enumerate(layers):
            if not callable(layer):
                raise TypeError(f"Sequential: layer {i} is {type(layer).__name__}, not a function")
        self.layers = layers

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x
