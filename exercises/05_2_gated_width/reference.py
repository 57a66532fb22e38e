"""The answer to exercise 5.2, and how to get there.

Count. Without biases, a plain layer holds 2 d_model d_ff numbers and a gated one 3 d_model g. With
biases there is one more for each hidden number of the plain layer (b_up), two for each of the gated
one (b_gate and b_up), and d_model for b_down in both, which therefore does not matter:

    plain  = (2 d_model + 1) d_ff + d_model      gated = (3 d_model + 2) g + d_model

The smallest g with gated >= plain is the quotient of what is left, rounded up; the smallest
multiple of m is the quotient by m times as much, rounded up, times m. In whole numbers, so that
nothing is lost: with floats, a quotient of 682.0000000001 would become 683.

Without biases and with d_ff = 4 d_model this is the rule of 2/3, rounded up to a multiple. LLaMA
takes multiples of 256: 11008 for 4096, where 10922.67 would be exact.
"""


def gated_width(d_model, d_ff, multiple_of, bias):
    for_each_plain_unit = 2 * d_model + (1 if bias else 0)
    for_each_gated_unit = 3 * d_model + (2 if bias else 0)
    to_match = for_each_plain_unit * d_ff
    multiples = -(-to_match // (for_each_gated_unit * multiple_of))
    width = multiples * multiple_of
    return width, for_each_gated_unit * width - to_match
