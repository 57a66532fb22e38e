"""Exercise 5.2: how wide may a gated layer be, to hold as many numbers as a plain one?

Edit `gated_width` and save. Then check("5.2") in the notebook of lesson 05 says what is right so
far, and so does `tinyffn check 5.2` in a terminal. `python task.py` runs the example in the
docstring.
"""


def gated_width(d_model: int, d_ff: int, multiple_of: int, bias: bool):
    """The width of the gated layer that replaces a plain one, and its surplus of parameters.

    Plain   x -> activation(x w_up + b_up) w_down + b_down, with d_ff hidden numbers
    Gated   x -> (bend(x w_gate + b_gate) * (x w_up + b_up)) w_down + b_down, with `width` of them

    Both take d_model numbers and give d_model. Without biases (bias is False), all b are left out,
    in both layers. The width is the smallest multiple of `multiple_of` with which the gated layer
    holds at least as many parameters as the plain one. (Graphics processors like widths that are
    multiples of 128 or 256.) Return the width, and by how many parameters the gated layer is above
    the plain one; both whole numbers.

    >>> gated_width(6, 24, 1, False)  # 288 parameters in both
    (16, 0)
    >>> gated_width(6, 24, 5, False)  # 360 against 288
    (20, 72)
    >>> gated_width(6, 24, 1, True)  # 326 against 318
    (16, 8)
    """
    raise NotImplementedError("replace this line")


if __name__ == "__main__":
    from tinyffn.lab import run_example

    run_example(gated_width)
