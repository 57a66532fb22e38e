"""The feed-forward layers of a model, each seen as a memory of d_ff keys and values.

A layer adds y = Σ_i m_i v_i to the residual stream (and its bias). The value v_i is row i of
down.w. The coefficient m_i says how well the position matches key i: column i of up.w, and of
gate.w where the layer is gated. (Geva et al. 2021, arXiv:2012.14913, section 2)
"""

from contextlib import ExitStack, contextmanager

from tinyffn.graph import no_grad
from tinyffn.nn import FeedForward, GatedFeedForward, MixtureOfExperts, Module, evaluating


@contextmanager
def replaced(owner, name, part):
    """Inside `with replaced(owner, name, part):` an attribute is `part`; then it is as it was.

    This is how all interventions are made. A layer is a function of x, so whatever is such a
    function can stand in for it: `replaced(block, "attention", lambda x, cache: 0 * x)`.

    Errors     AttributeError if there is no such attribute
    """
    whole = getattr(owner, name)
    setattr(owner, name, part)
    try:
        yield
    finally:
        setattr(owner, name, whole)


class Memory:
    """One feed-forward layer of a model, and the place where it stands.

    Of two changes of one memory at a time, the inner one counts.

    Attributes layer: the FeedForward or GatedFeedForward; values: an array (d_ff, d_model), the
               layer's own, so that writing into it changes the layer
    Arguments  owner, name: the layer is getattr(owner, name), such as block.feed_forward
    """

    def __init__(self, owner, name):
        self.layer = getattr(owner, name)
        self._place = owner, name

    @property
    def values(self):
        return self.layer.down.w.data

    def changed(self, change):
        """Inside `with memory.changed(change):` the layer adds Σ_i change(m)_i v_i instead.

        Arguments  change: a function of the coefficients, a Tensor (B, T, d_ff), to such a Tensor.
                   To look at them only, return them as they are
        """
        layer = self.layer
        return replaced(*self._place, lambda x: layer.down(change(layer.coefficients(x))))

    def answering(self, change):
        """Inside `with memory.answering(change):` the layer adds change(y) instead of y.

        Arguments  change: a function of what the layer adds, a Tensor (B, T, d_model), to such a
                   Tensor
        """
        return replaced(*self._place, lambda x: change(self.layer(x)))


def memories(model):
    """All feed-forward layers of a model, from the first to the last: a list of Memory.

    They are found wherever a module holds one in an attribute of its own. The experts of a
    MixtureOfExperts, which it holds in a list, are left out: an expert reads only the tokens that
    are sent to it, and so has no coefficients at the other positions.

    Errors     ValueError if there is none, or none but experts; TypeError if model is no Module
    """
    if not isinstance(model, Module):
        raise TypeError(f"memories: model is a {type(model).__name__}, but must be a Module")
    found = [
        Memory(module, name)
        for module in model.modules()
        for name, part in vars(module).items()
        if isinstance(part, FeedForward | GatedFeedForward)
    ]
    if not found:
        has_experts = any(isinstance(part, MixtureOfExperts) for part in model.modules())
        raise ValueError(
            f"memories: this {type(model).__name__} has no FeedForward or GatedFeedForward layer"
            + (" but experts, each of which reads some tokens only" if has_experts else "")
        )
    return found


def coefficients(model, ids):
    """The coefficients of every memory while a model reads ids (B, T).

    Returns    a list of arrays (B, T, d_ff), one for each of `memories(model)`
    Errors     as for `memories` and for a call of the model
    """
    seen = []

    def note(m):
        seen.append(m.data)
        return m

    with ExitStack() as changes, evaluating(model), no_grad():
        for memory in memories(model):
            changes.enter_context(memory.changed(note))
        model(ids)
    return seen
