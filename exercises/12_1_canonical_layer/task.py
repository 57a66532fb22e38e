"""Exercise 12.1: bring a gated layer into a form that only depends on what it does.

Edit `canonical_layer` and save. Then check("12.1") in the notebook of lesson 12 says what is right
so far, and so does `tinyffn check 12.1` in a terminal. `python task.py` runs the example in the
docstring.
"""

import numpy as np


def canonical_layer(gate: np.ndarray, up: np.ndarray, down: np.ndarray, x: np.ndarray):
    """The same layer with other weights, of which the values can be read as they are.

    For an input x the layer is y = sum over i of m_i v_i, where v_i is column i of down (the lesson
    has values in rows), and

        m_i = silu(x . gate_i) (x . up_i)       gate_i and up_i are rows i; silu(z) = z / (1 + e^-z)

    Its weights are not the only ones with these outputs. Choose, of all of them, those for which

        - at its trigger, the input of x at which |m_i| is largest, each m_i is 1. So the new v_i is
          just what neuron i adds there;
        - the longer its new v_i, the earlier a neuron comes.

    Two layers that differ only in what cannot be seen from outside become the same arrays.

    Shapes    gate, up (d_ff, d), down (d, d_ff), x (..., d), inputs with any number of leading axes
    Returns   gate, up, down of the new layer, in the same shapes: for every input, not only for
              those in x, it has the outputs of the old one

    No neuron is 0 at all inputs. Floats of 32 bits in give floats of 32 bits out, and nothing that
    was handed in is written to.

    >>> gate, up = np.array([[50.0, 0.0], [0.0, 50.0]]), np.array([[0.02, 0.01], [0.01, -0.01]])
    >>> down = np.array([[1.0, 2.0], [0.0, 4.0]])
    >>> x = np.array([[1.0, 0.0], [1.0, 2.0]])
    >>> for array in canonical_layer(gate, up, down, x):
    ...     print(array.round(4).tolist())
    [[0.0, 50.0], [50.0, 0.0]]
    [[-0.01, 0.01], [0.01, 0.005]]
    [[-2.0, 2.0], [-4.0, 0.0]]
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(canonical_layer)
