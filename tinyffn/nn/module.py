"""Module: a thing with parameters. It finds them, counts them, saves and restores them."""

import contextlib

import numpy as np

from tinyffn.tensor import FLOATS, Tensor


class Parameter(Tensor):
    """A tensor that training changes. It owns its data: the array given is copied."""

    __slots__ = ()

    def __init__(self, data):
        super().__init__(data, requires_grad=True)
        self.data = self.data.copy(order="C")


class Module:
    """Base class of all layers and models: assign parameters and modules to attributes.

    They are found in attributes, lists, tuples and dicts, in the order of definition, each once
    however often it is shared. `training` is read by layers that differ in training (dropout).
    """

    training = True
    kept: tuple[str, ...] = ()  # attributes: arrays that nothing trains, but that are state as well

    def named_parameters(self) -> list[tuple[str, Parameter]]:
        """A list of (name, parameter), names such as "blocks.0.feed_forward.up.w".

        Errors     ValueError if two parameters have one name, as under the keys 1 and "1"
        """
        parts = _walk(self, "", {id(self)})
        found = [(name, part) for name, part in parts if isinstance(part, Parameter)]
        names = [name for name, _ in found]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise ValueError(f"{type(self).__name__}: two parameters are named {twice}")
        return found

    def parameters(self):
        """All parameters, each once."""
        return [parameter for _, parameter in self.named_parameters()]

    def named_modules(self):
        """A list of (name, module): this module, named "", and all within it, each once."""
        parts = _walk(self, "", {id(self)})
        return [("", self), *((name, part) for name, part in parts if isinstance(part, Module))]

    def modules(self):
        """This module and all modules within it, each once."""
        return [module for _, module in self.named_modules()]

    def n_parameters(self):
        """The number of trainable numbers."""
        return sum(parameter.size for parameter in self.parameters())

    def train(self, training=True):
        """Switch this module and all within it to training; returns self."""
        for module in self.modules():
            module.training = training
        return self

    def eval(self):
        """Switch to evaluation: no dropout; returns self."""
        return self.train(False)

    def astype(self, dtype):
        """Make all parameters float32 or float64, in place; gradients are dropped; returns self."""
        if np.dtype(dtype) not in FLOATS:
            raise TypeError(f"astype: parameters are float32 or float64, not {np.dtype(dtype)}")
        for parameter in self.parameters():
            Parameter.__init__(parameter, parameter.data.astype(dtype))
        return self

    def size_bytes(self):
        """Bytes of the model: all parameters, and what layers keep beside them, each once."""
        return sum(array.nbytes for array in self._state().values())

    def state_dict(self):
        """A dict from the name of each parameter to a copy of its array.

        What a layer names in `kept` is in there too.
        """
        return {name: array.copy() for name, array in self._state().items()}

    def load_state_dict(self, state):
        """Copy what state_dict gave into a model; nothing changes if one array does not fit.

        Errors     ValueError naming the arrays that are missing, unknown, or of another shape;
                   TypeError if state is no dict of arrays
        """
        if not isinstance(state, dict):
            raise TypeError(
                f"load_state_dict: state is a {type(state).__name__}, but must be a dict: "
                "pass a model's state_dict()"
            )
        own = self._state()
        missing, unknown = own.keys() - state.keys(), state.keys() - own.keys()
        if missing or unknown:
            raise ValueError(
                f"load_state_dict: this {type(self).__name__} was built otherwise: "
                f"missing {_some(missing)}, unknown {_some(unknown)}"
            )
        for name, array in own.items():
            if not isinstance(state[name], np.ndarray):
                given = type(state[name]).__name__
                raise TypeError(f"load_state_dict: {name} is a {given}, but must be an array")
            dtypes = FLOATS if array.dtype in FLOATS else (array.dtype,)
            if state[name].shape != array.shape or state[name].dtype not in dtypes:
                raise ValueError(
                    f"load_state_dict: {name} is {state[name].dtype} {state[name].shape}, "
                    f"but must be {array.dtype} {array.shape}"
                )
        for name, array in own.items():
            array[...] = state[name]

    def kept_as(self, attribute):
        """The name in the state of an array in `kept`: its own, unless a layer must say more."""
        return attribute

    def _state(self):
        """{name: array} of all that is state, the arrays themselves."""
        state = {name: parameter.data for name, parameter in self.named_parameters()}
        for prefix, module in self.named_modules():
            for attribute, array in _kept(module):
                state[f"{prefix}.{attribute}" if prefix else attribute] = array
        return state

    def __repr__(self):
        return "\n".join(_describe(self, "", set()))


@contextlib.contextmanager
def evaluating(module):
    """Inside `with evaluating(module):` it is in evaluation; then every part is as it was."""
    before = [(part, part.training) for part in module.modules()]
    module.eval()
    try:
        yield
    finally:
        for part, training in before:
            part.training = training


@contextlib.contextmanager
def frozen(module):
    """Inside `with frozen(module):` its parameters take no gradient; then each is as it was.

    This is for derivatives by something else, such as a hidden number: nothing is noted, computed
    or added up for the parameters.
    """
    before = [(parameter, parameter.node) for parameter in module.parameters()]
    for parameter, _ in before:
        parameter.node = None
    try:
        yield
    finally:
        for parameter, node in before:
            parameter.node = node


def _parts(value, name):
    """The (name, module or parameter) that a value is or contains, but none within those.

    Errors     TypeError where something that can be trained would not be found, or in no order
    """
    if isinstance(value, Module | Parameter):
        yield name, value
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from _parts(item, f"{name}.{i}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _parts(item, f"{name}.{key}")
    elif isinstance(value, set | frozenset):
        if any(isinstance(item, Module | Parameter) for item in value):
            raise TypeError(f"{name} is a set, which has no order: make it a list")
    elif isinstance(value, Tensor) and value.node is not None and value.node.op is None:
        raise TypeError(
            f"{name} is a Tensor that takes a gradient, but would not be trained: "
            "make it a Parameter"
        )


def _children(module):
    """The (name, module or parameter) that a module's attributes hold, in definition order."""
    for attribute, value in vars(module).items():
        yield from _parts(value, attribute)


def _kept(module):
    """The (name in the state, array) that a module keeps, those that are None left out."""
    arrays = [(module.kept_as(each), getattr(module, each)) for each in module.kept]
    return [(name, array) for name, array in arrays if array is not None]


def _walk(module, prefix, seen):
    """Every (name, module or parameter) below a module, each once, however often it is shared."""
    for name, part in _children(module):
        if id(part) not in seen:
            seen.add(id(part))
            yield prefix + name, part
            if isinstance(part, Module):
                yield from _walk(part, f"{prefix}{name}.", seen)


def _describe(module, label, seen):
    """The lines of a module's tree: its own parameters on its own line, then its children."""
    seen.add(id(module))
    children = list(_children(module))
    parameters = [(name, part) for name, part in children if isinstance(part, Parameter)]
    own = ", ".join(f"{name} {part.shape}" for name, part in parameters + _kept(module))
    yield f"{label}{type(module).__name__}{own and f'  {own}'}  [{module.n_parameters():,}]"
    for name, part in children:
        if isinstance(part, Module) and id(part) not in seen:
            for line in _describe(part, f"{name}: ", seen):
                yield f"  {line}"


def _some(names):
    """A few names, for an error message."""
    shown = ", ".join(sorted(names)[:4]) or "nothing"
    return shown if len(names) <= 4 else f"{shown} and {len(names) - 4} more"
