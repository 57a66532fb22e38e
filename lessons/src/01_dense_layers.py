# %% [markdown]
# # 01 · Dense layers and the linear trap
#
# **Why is a tall stack of dense layers no taller than one?**

# %% [markdown]
# ## Where you are · 2 min
#
# This is the first of nineteen lessons, and it needs none of the others. It builds the smallest
# part of a neural network by hand, the dense layer, and asks what is gained by stacking many.
#
# Run the cells of code one after the other: click into one and press Shift and Enter. What you see
# below them now is left from an earlier run. A line that starts with `assert` claims something; if
# the claim were wrong, the cell would stop there with an error.

# %%
import inspect
from functools import partial
from itertools import pairwise

import ipywidgets
import numpy as np

from tinyffn import plot
from tinyffn.gradcheck import GradientError, check_pair
from tinyffn.lab import check, mine, predict
from tinyffn.ops import linear, relu
from tinyffn.studies.linear import misfit as library_misfit
from tinyffn.studies.linear import rank as library_rank

seed = 1
rng = np.random.default_rng(seed)
print(f"seed {seed}: every random number below is drawn from this generator")

# %%
plot.show(
    plot.course_map(here=1),
    alt="A map of the course: nineteen boxes in four rows. The rows are: neurons that compute, "
    "lessons 1 to 7; the transformer block, 8 to 11; memory, 12 to 14; one bit, 15 to 19. "
    "The first box, dense layers, is marked 'you are here'.",
)

# %% [markdown]
# ## The question · 1 min
#
# A **dense layer** takes a list of numbers, multiplies it by a table of numbers, its *weights*
# (how, we build below), and adds another list, its *biases*. Large networks hold dozens of dense
# layers, one after the other. It seems plain that sixteen of them can do more than one: they have
# sixteen times as many numbers to choose, and sixteen steps in which to use them.
#
# The title says that they cannot. This lesson shows why, measures it, and finds a small change that
# helps.

# %% [markdown]
# ## What you will be able to do · 1 min
#
# | you will | and this tests it |
# |---|---|
# | **compute** a dense layer and its slopes (gradients) by hand | exercise 1.1 |
# | **check** any gradient by nudging the inputs | exercise 1.3, question 1 |
# | **fold** a stack of dense layers into one | exercise 1.2 |
# | **read off** what a stack of dense layers computes, from its outputs alone | question 2 |
# | **tell**, before running it, what a narrow layer loses | question 3 |
# | **explain** when a bend between layers (ReLU) helps, and when it does not | question 4 |
#
# *You need*: the slope of a straight line, and NumPy arrays (`@` multiplies matrices, `.T` swaps
# rows and columns). *Time*: 50 minutes for the core; parts marked (90) fill a longer class.

# %% [markdown]
# ## Predict · 4 min
#
# Commit before you read on: put your answer in place of `None` and run the cell. Nothing is graded.
# Once you run the cells further down, your answer is printed there beside the measured one.
#
# **Prediction 1.** A locked box holds sixteen dense layers in a row. Each takes 64 numbers and
# gives 64 numbers; there are 66560 weights and biases in the box. You may feed it any inputs you
# like and look at the outputs. After how many inputs can you foresee its output for every other
# input?

# %%
my_inputs = None  # a number from 1 up

# %% [markdown]
# **Prediction 2.** Two dense layers: the first takes 64 numbers and gives 16, the second takes
# those 16 and gives 64. Run over all possible inputs: in how many independent directions can the
# output move? (A sheet of paper hangs in a room. Each of its points has three coordinates, yet an
# ant on it can move in only two independent directions.) This number is called the **rank**.

# %%
my_rank = None  # a number from 1 to 64

# %% [markdown]
# **Prediction 3.** **ReLU** replaces every negative number by 0 and leaves the others alone. Points
# on a straight line go through a dense layer from 2 numbers to 8, then through ReLU, then through a
# dense layer from 8 numbers to 2. What comes out is a line with corners. Of how many straight
# pieces can it consist, at most?

# %%
my_pieces = None  # a number from 1 up

# %% [markdown]
# ## Build by hand on three numbers · 8 min
#
# The smallest dense layer has one input x, one weight w and one bias b: **y = x · w + b**.

# %%
x, w, b = 3.0, 2.0, 1.0
y = x * w + b
print(f"y = {x:g} * {w:g} + {b:g} = {y:g}")
assert y == 7

# %% [markdown]
# To *learn* is to change the numbers so that the output gets better. For that one must know what a
# small change does. So nudge each number in turn by a little h, and see how far y moves for each
# unit of nudge. That ratio is a **slope**. (x is nudged too: in a network it is the output of the
# layer before, which wants to know as well.)

# %%
h = 0.01
slope_x = ((x + h) * w + b - y) / h
slope_w = (x * (w + h) + b - y) / h
slope_b = (x * w + (b + h) - y) / h
print(f"slopes: x {slope_x:.3f}   w {slope_w:.3f}   b {slope_b:.3f}")
assert np.allclose([slope_x, slope_w, slope_b], [w, x, 1])

# %% [markdown]
# A nudge of x is multiplied by **w** on its way to y, a nudge of w is multiplied by **x**, and a
# nudge of b arrives as it is. Input and weight trade places: keep this, it is half of the lesson.
#
# Usually y is not the end. Something later turns it into a **loss**, one number that says how bad
# the output is. Suppose the loss rises by 5 for each unit that y rises. We write `dy = 5`: *dz* is
# short for "the slope of the loss when z is nudged", for any z. Slopes in a row multiply, like
# gears: if y turns w times as fast as x, and the loss 5 times as fast as y, then the loss turns 5w
# times as fast as x.

# %%
dy = 5.0
dx, dw, db = dy * w, dy * x, dy * 1
print(f"dx = {dx:g}   dw = {dw:g}   db = {db:g}")
assert (dx, dw, db) == (10, 15, 5)

# %% [markdown]
# From x, w, b to y is the **forward** step. From `dy` to `dx, dw, db` is the **backward** step, and
# these three slopes are called **gradients**. Nothing else happens in a dense layer of any size.
#
# Now put two of these smallest layers in a row: the first has weight 2 and bias 1, the second
# weight -4 and bias 5. On paper: (x · 2 + 1) · (-4) + 5 = x · (-8) + (-4 + 5) = x · (-8) + 1.

# %%
inputs = np.array([-1.0, 0.0, 3.0])
two_layers = (inputs * 2 + 1) * -4 + 5
one_layer = inputs * -8 + 1
print("two layers:", two_layers, "   one layer:", one_layer)
assert np.array_equal(two_layers, one_layer)

# %% [markdown]
# One layer did the work of two. Is that an accident of single numbers? Think of Prediction 1, and
# change your answer if you like: this is the last chance.

# %% [markdown]
# ## The clear version · 11 min
#
# A real layer has many inputs and many outputs, and it handles several examples at once. Each
# example is one row of x. Output j of example n adds up all inputs i, each times its own weight:
#
# ```
# y_nj = Σ_i x_ni w_ij + b_j
# ```
#
# Here y_nj is the number in row n and column j of y, and Σ_i means "the sum over all i". NumPy says
# the whole table in one line: `y = x @ w + b`.

# %%
x = np.array([[1.0, 2.0, 3.0], [0.0, 1.0, -1.0]])  # 2 examples of 3 numbers
w = np.array([[1.0, 0.0], [0.0, 2.0], [-1.0, 1.0]])  # 3 numbers in, 2 numbers out
b = np.array([10.0, 20.0])
y = x @ w + b
print(y)
assert y[0, 1] == 1 * 0 + 2 * 2 + 3 * 1 + 20

# %% [markdown]
# The backward step has the same three rules as before. Only now one number acts in several places,
# and what it does in all of them **adds up**:
#
# ```
# dx_ni = Σ_j dy_nj w_ij      input i of example n acts on every output j, through w_ij
# dw_ij = Σ_n x_ni dy_nj      weight ij is used in every example n, and multiplied by x_ni there
# db_j  = Σ_n dy_nj           bias j is added in every example n
# ```
#
# Here is the layer as a **pair**: the function returns the output and a second function, which goes
# backward. The inner function remembers x and w because it was made inside.

# %%
def dense(x, w, b):
    def backward(dy):
        dx = dy @ w.T
        dw = x.T @ dy
        db = dy.sum(axis=0)
        return dx, dw, db

    return x @ w + b, backward


# %% [markdown]
# **Prediction 4.** x holds 5 examples of 4 numbers, and the layer gives 3 numbers for each. So y
# has the shape (5, 3), and so has dy. Which shape has `db`?

# %%
my_db_shape = None  # a pair such as (5, 3)

# %%
x, w, b = rng.normal(size=(5, 4)), rng.normal(size=(4, 3)), rng.normal(size=3)
y, backward = dense(x, w, b)
dx, dw, db = backward(rng.normal(size=y.shape))
print(f"db has shape {db.shape}; you said {my_db_shape}")
assert (dx.shape, dw.shape, db.shape) == (x.shape, w.shape, b.shape)

# %% [markdown]
# **If you said (5, 3)**: adding passes a slope on unchanged, so db looks like dy. It is passed on
# once for each of the 5 examples, but all of them share one bias, so the 5 rows add up. A gradient
# always has the shape of the thing that is nudged.
#
# The right shape does not prove the right values. So do again what we did by hand: nudge *every*
# number, a little up and a little down, and compare the slope with what `backward` says.
# `check_pair` does that and returns the largest difference. It draws a random `dy`: where all
# numbers in `dy` are equal, some mistakes cancel. (Python writes `1e-10` for a 1 at the tenth place
# after the point.)

# %%
error = check_pair(dense, x, w, b, rng=rng)
print(f"largest difference between backward and nudging: {error:.0e}")
assert error < 1e-6

# %% [markdown]
# Would it notice a mistake? In a square layer, `w` and `w.T` have the same shape. Who forgets the
# `.T` gets no complaint from NumPy, and a gradient of the right shape.

# %%
def forgetful(x, w, b):
    y, _ = dense(x, w, b)
    return y, lambda dy: (dy @ w, x.T @ dy, dy.sum(axis=0))  # dy @ w.T would be right


message = ""
try:
    check_pair(forgetful, rng.normal(size=(5, 3)), rng.normal(size=(3, 3)), b, rng=rng)
except GradientError as complaint:
    message = str(complaint)
print(message)
assert "argument 0" in message

# %% [markdown]
# Argument 0 is x: its gradient is wrong, and the shapes would never have told. ("Central
# differences" is the proper name of nudging up and down.)

# %% [markdown]
# ## The library's version · 3 min
#
# The library holds the same pair; look for our lines for y, dx, dw and db. Around them stand a
# description, clear errors for shapes that do not fit, and two touches for speed (examples may come
# in any number of axes; the sum over examples is a product with ones, since BLAS, the machinery
# behind `@`, is quicker than a sum). The line `@op` records the call, so that a machine can do the
# backward steps for us; lesson 02 opens it. We call `linear.pair`, which is the function as it is
# written, without the record. (*Affine* is the mathematician's word for "multiply, then add".)

# %%
print(inspect.getsource(linear.pair))

# %%
y, backward = dense(x, w, b)
their_y, their_backward = linear.pair(x, w, b)
dy = rng.normal(size=y.shape)
ours, theirs = (y, *backward(dy)), (their_y, *their_backward(dy))
print("equal:", [bool(np.allclose(a, c)) for a, c in zip(ours, theirs, strict=True)])
assert all(np.allclose(a, c) for a, c in zip(ours, theirs, strict=True))

# %% [markdown]
# ## Measure · 13 min
#
# ### Sixteen layers
#
# Nothing is trained in this lesson. What is true of all weights, a formula will say; what we
# measure, we measure on random ones. A stack is a list of weights and biases. The weights are drawn
# at random and divided by the square root of the number of inputs, so that the numbers neither
# explode nor fade on their way through; the biases are small.

# %%
def random_stack(widths, bias=0.1):
    return [
        (rng.normal(size=(d_in, d_out)) / np.sqrt(d_in), bias * rng.normal(size=d_out))
        for d_in, d_out in pairwise(widths)  # widths 64, 16, 64 have the pairs 64-16 and 16-64
    ]


def run(stack, x):
    for w, b in stack:
        x, _ = linear.pair(x, w, b)  # _ is the backward function, not needed here
    return x


# %% [markdown]
# Suppose that a stack is one layer in disguise: `output = x @ w + b`, with w and b unknown to us.
# We can **read them off** from 1 + 64 outputs, without ever looking inside. Feed zeros: out comes
# `0 @ w + b`, which is b. Feed a list that is 1 in place i and 0 elsewhere: out comes row i of w,
# plus b.

# %%
def read_off(f, d_in):
    b = f(np.zeros((1, d_in)))
    w = f(np.eye(d_in)) - b  # row i of np.eye is 1 in place i and 0 elsewhere
    return w, b


# %% [markdown]
# The trick always gives *some* w and b, even for a machine that is no dense layer at all. So test
# them on new inputs: do they foresee the output? The **misfit** is the largest mistake, as a share
# of the farthest that the output moves away from b.
#
# `partial(run, stack)` below is `run` with its first argument filled in: a function of x alone.

# %%
def misfit(f, x):
    w, b = read_off(f, x.shape[1])
    return np.abs(f(x) - (x @ w + b)).max() / np.abs(f(x) - b).max()


x = rng.normal(size=(200, 64))
depths = [2, 4, 8, 16]
stacks = [random_stack([64] * (depth + 1)) for depth in depths]
misfits = [misfit(partial(run, stack), x) for stack in stacks]
for depth, error in zip(depths, misfits, strict=True):
    print(f"{depth:2d} layers against one: misfit {error:.0e}")
print(f"inputs fed: {1 + x.shape[1]}; you said {my_inputs}")
assert max(misfits) < 1e-14

# %% [markdown]
# One layer does the work of sixteen. **If you said 66560**: each number in the box seems to need a
# question of its own. But very many choices of those numbers give the same outputs. One layer more
# changes *which* function comes out, never the *kind* of function. For any two layers with weights
# A, B and biases a, b:
#
# ```
# (x A + a) B + b  =  x (A B) + (a B + b)
# ```
#
# On the right stands one layer, with the weights A B and the bias a B + b. Merge the first two
# layers, then the result with the third, and so on: this is called **folding** a stack, and it ends
# with one layer. It is exact; what we measured is the rounding of numbers with 16 digits.

# %% [markdown]
# ### One ReLU between
#
# Now the same stacks with a ReLU after every layer but the last, so that the stack of two has a
# single one. Same weights, same trick. (In the figure, equal steps on an axis *multiply* by the
# same number: from one line to the next upwards, the misfit is a hundred times as large.) The
# library holds our misfit too, as an instrument for later lessons; here the two must agree.

# %%
def run_with_relu(stack, x):
    for w, b in stack[:-1]:
        x, _ = linear.pair(x, w, b)
        x, _ = relu.pair(x)
    return run(stack[-1:], x)


relu_misfits = [misfit(partial(run_with_relu, stack), x) for stack in stacks]
print("misfit with ReLU:", ", ".join(f"{error:.1f}" for error in relu_misfits))
assert min(relu_misfits) > 0.1
assert np.allclose(relu_misfits, [library_misfit(partial(run_with_relu, s), x) for s in stacks])

# %%
plot.show(
    plot.lines(
        {"with ReLU": (depths, relu_misfits), "dense layers alone": (depths, misfits)},
        x="depth (layers)",
        y="misfit of one layer",
        logx=True,
        logy=True,
    ),
    alt="Misfit against depth on logarithmic axes. With ReLU the curve runs near 1 for 2, 4, 8 and "
    "16 layers; without it, at the level of rounding errors, more than twelve powers of ten below.",
)
assert min(relu_misfits) > 1e12 * max(misfits)

# %% [markdown]
# Here is the same thing to look at. Stacks from 2 numbers to 2 numbers, 16 wide in between, take
# every point of a square grid to a new place. Above, dense layers alone; below, the very same
# weights with ReLU between. The dot marks one corner of the square; each panel has its own scale.

# %%
pictures = [random_stack([2] + [16] * (depth - 1) + [2], bias=0.5) for depth in (2, 4, 8)]
maps = {}
for name, f in {"": run, " with ReLU": run_with_relu}.items():
    for stack in pictures:
        maps[f"{len(stack)} layers{name}"] = partial(f, stack)
plot.show(
    plot.warped_grid(maps, columns=3, size=3.0),
    alt="Six panels. Above, a square grid after 2, 4 and 8 dense layers: turned, stretched and "
    "sheared, but all its lines are straight and parallel lines stay parallel. Below, the same "
    "with ReLU between the layers: the lines have corners, and the grid is folded over itself.",
)
# On a line that stays straight, what was in the middle of two points stays in their middle.
middle, ends = np.array([[0.0, 0.5]]), np.array([[-1.0, 0.5], [1.0, 0.5]])
straight = [bool(np.allclose(f(middle), f(ends).mean(axis=0))) for f in maps.values()]
assert straight == [True, True, True, False, False, False]

# %% [markdown]
# How many corners can ReLU put into one straight line? Before ReLU, each of the 8 numbers is
# positive on one side of a border in the plane and negative on the other. Where the line crosses a
# border, one ReLU switches, and the output turns a corner. So count the switches, along 1000 random
# lines, each sent through a random layer of its own.

# %%
t = np.linspace(-10, 10, 4001)[:, np.newaxis]
pieces = []
for _ in range(1000):
    (layer,) = random_stack([2, 8])
    line = rng.normal(size=2) + t * rng.normal(size=2)
    on = run([layer], line) > 0  # where ReLU lets the number pass
    pieces.append(1 + np.any(on[1:] != on[:-1], axis=1).sum())
print(f"most pieces: {max(pieces)}; you said {my_pieces}")
assert max(pieces) == 9

# %% [markdown]
# **If you said 2**: one ReLU has one corner, but here are 8 of them, each with a corner of its own.
# 8 corners part a line into 9 pieces. **If you said 256** (2 to the power 8): that is how many
# on-off patterns can be written down, but a straight line crosses each border only once.

# %% [markdown]
# ### The narrowest layer
#
# Back to stacks without ReLU. Each is one table of weights; what can a table with 64 rows and 64
# columns do? `np.linalg.svd` finds its main directions, at right angles to each other, and by how
# much it stretches each: the **singular values**. A stretch of 0 means that a direction is lost.

# %%
shapes = [(64, 64, 64), (64, 48, 32, 48, 64), (64, 16, 64)]
stretches, in_library = {}, []
for widths in shapes:
    w, b = read_off(partial(run, random_stack(widths)), 64)
    stretches["-".join(map(str, widths))] = np.linalg.svd(w, compute_uv=False)
    in_library.append(library_rank(w))
# The rank counts the stretches that are not zero, up to rounding.
ranks = {name: int(np.sum(s > 1e-10 * s[0])) for name, s in stretches.items()}
print("; ".join(f"{name}: rank {rank}" for name, rank in ranks.items()))
print("for 64-16-64 you said", my_rank)
assert list(ranks.values()) == in_library == [min(widths) for widths in shapes]

# %%
plot.show(
    plot.lines(
        {name: (range(1, 65), s) for name, s in stretches.items()},
        x="direction, from most to least stretched",
        y="stretch (singular value)",
        logy=True,
    ),
    alt="Singular values of three stacks, on a logarithmic axis. For widths 64-64-64 they fall "
    "slowly over all 64 directions. For 64-48-32-48-64 they drop to the level of rounding errors "
    "after 32 directions, for 64-16-64 after 16.",
)
drops = {16: stretches["64-16-64"], 32: stretches["64-48-32-48-64"]}
assert all(s[k] < 1e-12 * s[k - 1] for k, s in drops.items())

# %% [markdown]
# **If you said 64**: the folded table has 64 rows and 64 columns, so it looks like any other. But
# all that the second layer ever sees is 16 numbers, and what they do not hold, it cannot bring
# back. The rank is at most the narrowest width, wherever in the stack the narrow layer stands.
#
# So a 64-16-64 stack is *not* any linear map. It cannot even copy its input: some inputs differ
# widely, and come out the same.

# %%
narrow = random_stack([64, 16, 64])
w, b = read_off(partial(run, narrow), 64)
lost = np.linalg.svd(w)[0][:, -1]  # of all input directions, the one stretched least
x = rng.normal(size=(1, 64))
change = np.abs(run(narrow, x + 100 * lost) - run(narrow, x)).max()
print(f"the input moved by 100, the output by {change:.0e}")
assert change < 1e-10

# %% [markdown]
# ## What broke, and why · 5 min
#
# What broke is a belief: that more layers do more. Two dense layers in a row are one, unless
# something between them is not a dense layer. ReLU is about the simplest such thing.
#
# But a ReLU in the code is not yet a ReLU at work. Below, one number is added to every bias of the
# first of two layers: the shift. With a large shift, every input of ReLU is positive for every
# point of our square. ReLU then changes nothing, and the trap closes again.

# %%
first, last = random_stack([2, 16, 2], bias=0.5)


def shifted(shift):
    w, b = first
    return partial(run_with_relu, [(w, b + shift), last])


# %%
shifts = (0, 1, 2, 6)
square = rng.uniform(-1, 1, size=(1000, 2))
bends = [misfit(shifted(shift), square) for shift in shifts]
for shift, bend in zip(shifts, bends, strict=True):
    print(f"shift {shift}: misfit {bend:.0e}")
plot.show(
    plot.warped_grid({f"shift {shift}": shifted(shift) for shift in shifts}, columns=4, size=2.5),
    alt="Four panels: the square grid after two layers with ReLU, for shifts of 0, 1, 2 and 6. "
    "At 0 it is folded and bent, with larger shifts less and less; at 6 all lines are straight.",
)
assert bends[0] > 0.1 and bends[-1] < 1e-13

# %% [markdown]
# Move the slider to look between. And look at -6: there every input of ReLU is negative, every
# output of ReLU is 0, and the whole square becomes a single point.

# %%
def draw(shift):
    figure = plot.warped_grid({f"shift {shift:g}": shifted(shift)}, size=5.0, columns=1)
    plot.show(figure, alt=f"The square grid after two layers with ReLU, for a shift of {shift:g}.")


slider = ipywidgets.FloatSlider(value=0, min=-6, max=6, step=0.5, continuous_update=False)
_ = ipywidgets.interact(draw, shift=slider)
assert np.ptp(shifted(-6)(square), axis=0).max() == 0

# %% [markdown]
# ### What a stack costs · 6 min (90)
#
# Sixteen layers of width 64 hold sixteen times the numbers of one and, without ReLU, reach the same
# set of functions. Then why does anyone study them? Because *what a network can compute* and *how
# it gets there by learning* are two questions: Saxe, McClelland and Ganguli (2013) show that a
# linear stack learns along another path than a single layer. The next lessons ask both questions.

# %%
def count(stack):
    return sum(w.size + b.size for w, b in stack)


tall, flat = stacks[-1], stacks[-1][:1]
print(f"numbers: {count(tall)} in sixteen layers, {count(flat)} in one")
assert count(tall) == 16 * count(flat) == 16 * (64 * 64 + 64)

# %% [markdown]
# ### Backward through two layers · 12 min (90)
#
# Slopes in a row multiply, so the backward functions are simply called in reverse order, each with
# what the one behind it gave. Two dense layers with a ReLU between are, by the way, the
# **feed-forward layer** of the first transformer (Vaswani et al. 2017, equation 2).

# %%
def feed_forward(x, w_up, b_up, w_down, b_down):
    hidden, backward_up = linear.pair(x, w_up, b_up)
    active, backward_relu = relu.pair(hidden)
    y, backward_down = linear.pair(active, w_down, b_down)

    def backward(dy):
        d_active, dw_down, db_down = backward_down(dy)
        (d_hidden,) = backward_relu(d_active)
        dx, dw_up, db_up = backward_up(d_hidden)
        return dx, dw_up, db_up, dw_down, db_down

    return y, backward


# %%
(w_up, b_up), (w_down, b_down) = random_stack([4, 16, 4])
x = rng.normal(size=(3, 4))
error = check_pair(feed_forward, x, w_up, b_up, w_down, b_down, rng=rng)
print(f"largest difference between backward and nudging: {error:.0e}")
assert error < 1e-6

# %% [markdown]
# It works, but it is bookkeeping: every name appears twice, and the order must be right. A machine
# can keep these books. That is lesson 02.

# %% [markdown]
# ## Exercises · 20 min (90)
#
# Three, from easy to hard; the first fits into a long class, the others are for home. For each,
# open `task.py` in its folder (in the list of files on the left, click the small folder at its top,
# then `exercises`), edit, save (Ctrl and S), and run its cell here again: it always reads the file
# as you last saved it. Run it early and often: it says what is right so far. `predict` asks
# something to think about before you begin. And if you are stuck: `tinyffn hint 1.1` in a terminal
# has three hints for each exercise.
#
# **Exercise 1.1: the layer that PyTorch stores** (20 minutes). The same layer with its weights kept
# the other way round, as (numbers out, numbers in), for examples in any number of axes. Where does
# the `.T` go now, and over what must the sums run? "Any number of axes" means: x may be one
# example, of shape (4,), or five, (5, 4), or two texts of five words each, (2, 5, 4). The folder is
# `exercises/01_1_transposed_dense`.

# %%
predict("1.1")

# %%
check("1.1")

# %% [markdown]
# Once all its checks pass, `mine("1.1")` gives a lesson your own functions; until then it gives the
# course's, and says so. Here they run the sixteen layers from above.

# %%
layer = mine("1.1").dense
x = rng.normal(size=(3, 64))
y = x
for w, b in stacks[-1]:
    y, _ = layer(y, w.T, b)
print("as the library's sixteen layers:", np.allclose(y, run(stacks[-1], x)))
assert np.allclose(y, run(stacks[-1], x))

# %% [markdown]
# **Exercise 1.2: fold a stack** (15 minutes). Some programs keep a whole layer in one table: the
# bias is one more row below the weights. Then w and b need no names of their own, and a stack is a
# list of tables. Fold it to one table. We folded two layers in letters, with w and b apart; what
# happens to each row of a table? The folder is `exercises/01_2_fold_stack`.

# %%
check("1.2")

# %% [markdown]
# **Exercise 1.3: catch a wrong backward** (25 minutes). You have used `check_pair`; now build what
# is inside, with `dy` and the size of the nudge as arguments. An output may depend on many inputs,
# and an input may act on many outputs: which of them count when one number is nudged? Your check
# is then handed backward functions, most of them wrong. The folder is
# `exercises/01_3_numeric_gradient`.

# %%
check("1.3")

# %% [markdown]
# ## Check yourself · 2 min
#
# Answer first, then open.
#
# <details><summary>1. A gradient has the right shape in every test. What can still be wrong, and
# how do you find out?</summary>
#
# Its values: in a square layer a forgotten `.T` keeps the shape. Nudge every input up and down, for
# a random `dy`, and compare the slopes.
# </details>
#
# <details><summary>2. Someone hands you a locked box with 10 inputs and 3 outputs and says that it
# holds a stack of dense layers. How many inputs do you feed to know it all? How do you find out
# whether it is true?</summary>
#
# 11: zeros, and each of the ten lists with a single 1. Then feed new inputs: one layer with the
# weights and biases that you read off must foresee the outputs, up to rounding. One failure proves
# that the box holds something else.
# </details>
#
# <details><summary>3. A stack without ReLU has the widths 100-20-50-5-100. In how many independent
# directions can its output move?</summary>
#
# In at most 5: all that reaches the last layer is 5 numbers.
# </details>
#
# <details><summary>4. Your network has a ReLU after each layer, yet on your data it computes
# exactly what a single dense layer does. What may have happened?</summary>
#
# On your data no ReLU input changes its sign: each ReLU lets its number pass for all examples, or
# blocks it for all. It has a corner, but no example reaches it.
# </details>

# %% [markdown]
# ## Go further
#
# - Vaswani et al. 2017, *Attention is all you need*, [arXiv:1706.03762](https://arxiv.org/abs/1706.03762):
#   equation 2 is two dense layers with a ReLU between. By lesson 09 you will have built the rest.
# - Leshno, Lin, Pinkus and Schocken 1993, *Multilayer feedforward networks with a nonpolynomial
#   activation function can approximate any function*, Neural Networks 6(6), 861-867: which corners
#   and curves do as well as ReLU? Nearly all that are not polynomials. Lesson 04 returns to this.
# - Saxe, McClelland and Ganguli 2013, *Exact solutions to the nonlinear dynamics of learning in
#   deep linear neural networks*, [arXiv:1312.6120](https://arxiv.org/abs/1312.6120): stacks like
#   ours compute no more than one layer, and still learn in another way.
# - Next: **02, automatic gradients**. How does a machine do the backward steps?
