"""What all optimisers share: which parameters, and how a step goes through them."""

from tinyffn.arguments import must_be_at_least
from tinyffn.tensor import Tensor


class Optimizer:
    """Base class. `rate` is the learning rate and may be changed between steps, by a schedule say.

    Arguments  parameters: a list of leaf tensors, each taken once however often it is listed
    Errors     ValueError if there are none, or the rate is negative; TypeError for other things
    """

    def __init__(self, parameters, rate):
        self.parameters = each_once(type(self).__name__, parameters)
        self.dtypes = [p.dtype for p in self.parameters]
        self.rate = rate
        if not self.parameters:
            raise ValueError(f"{type(self).__name__}: there are no parameters to train")

    @property
    def rate(self):
        """The learning rate of the next step.

        Errors     ValueError unless it is a number, 0 or above
        """
        return self._rate

    @rate.setter
    def rate(self, rate):
        must_be_at_least(type(self).__name__, 0, rate=rate)
        self._rate = float(rate)  # a NumPy number would promote float32

    def zero_grad(self):
        """Forget all gradients, which otherwise add up."""
        for p in self.parameters:
            p.grad = None

    def step(self):
        """Change each parameter that has a gradient.

        Errors     RuntimeError if none has, or their type was changed since this was made
        """
        if [p.dtype for p in self.parameters] != self.dtypes:
            raise RuntimeError(
                "step: the parameters' type was changed: make the optimiser after astype"
            )
        with_grad = [(i, p) for i, p in enumerate(self.parameters) if p.grad is not None]
        if not with_grad:
            raise RuntimeError("step: no parameter has a gradient: call backward() on a loss first")
        for i, p in with_grad:
            self.update(i, p)

    def update(self, i, p) -> None:
        """Change `p`, which is parameter number `i`, in place."""
        raise TypeError(f"{type(self).__name__} does not say how to update a parameter")


def each_once(owner, parameters):
    """The parameters as a list, each once: a tied weight must not be counted or stepped twice.

    Errors     TypeError if they are no list, or one is no leaf tensor
    """
    if isinstance(parameters, Tensor) or not hasattr(parameters, "__iter__"):
        raise TypeError(
            f"{owner}: parameters is a {type(parameters).__name__}, but must be a list: "
            "pass model.parameters()"
        )
    parameters = list({id(p): p for p in parameters}.values())
    for p in parameters:
        if not isinstance(p, Tensor) or p.node is None or p.node.op is not None:
            raise TypeError(f"{owner}: {p!r} is no Parameter: pass model.parameters()")
    return parameters
