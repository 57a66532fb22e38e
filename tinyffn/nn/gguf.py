"""A whole model in a GGUF file: some of its dense layers in a block format, the rest as floats."""

import numpy as np

from tinyffn.bits.formats import Q1_0, Blocks, half_scales
from tinyffn.bits.gguf import read_gguf, write_gguf
from tinyffn.nn.linear import Linear
from tinyffn.nn.quantized import QuantizedLinear

RESTS = {"F32": np.float32, "F16": np.float16}


def save_gguf(path, model, *, which=None, form=Q1_0, rest="F32", metadata=None):
    """Write all parameters of a model to a GGUF file: the whole of it, or nothing.

        nn.save_gguf("signs.gguf", model, which=lambda name: ".feed_forward." in name)

    Tensors have the names of the parameters. A packed weight stands there turned over, (d_out,
    d_in), as block formats have it; all others as they are. What a QuantizedLinear was trained to
    compute with is stored as it is, but for its scales, which are rounded to 16 bits; any other
    weight is quantized by the format's own rule.

    Arguments  path: of the file, which by custom ends in .gguf; which: the layers whose w is
               packed, as a function of a layer's name ("blocks.0.feed_forward.up"); None for every
               QuantizedLinear, and no other;
               form: one of bits.formats; rest: "F32" or "F16"; metadata: as write_gguf takes it
    Returns    the names of the weights that were packed
    Errors     ValueError if rest is neither, a layer is packed already, none is chosen by which, a
               number is not finite or too large for 16 bits, or the format cannot hold a weight:
               d_in must be a multiple of form.group
    """
    if rest not in RESTS:
        raise ValueError(f'save_gguf: rest is {rest!r}, but must be "F32" or "F16"')
    if any(part.kept for part in model.modules()):
        raise ValueError(
            "save_gguf: some layers are packed already: save the model that they were packed from"
        )
    layers = {name: part for name, part in model.named_modules() if isinstance(part, Linear)}
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    packed = {}
    for name, layer in layers.items():
        trained = isinstance(layer, QuantizedLinear)
        if trained if which is None else which(name):
            weight = half_scales(layer.quantized()) if trained else layer.w.data
            packed[names[id(layer.w)]] = Blocks(form, form.write(weight))  # shared ones once
    if which is not None and not packed:
        raise ValueError(f"save_gguf: which chooses none of {', '.join(layers) or 'no layers'}")
    tensors = {
        name: packed[name] if name in packed else _as_floats(name, parameter.data, RESTS[rest])
        for name, parameter in model.named_parameters()
    }
    write_gguf(path, tensors, metadata)
    return list(packed)


def load_gguf(path, model):
    """Copy the parameters of a file into those of a model of the same names and shapes.

    What was packed comes back as the floats that its codes and scales stand for. Load it into plain
    Linear layers: a QuantizedLinear would quantize once more, which is the same only nearly. The
    file does not say how inputs were rounded, nor which norm a layer had in front: a BitLinear that
    is loaded into a Linear no longer rounds its inputs.

    Returns    the metadata
    Errors     ValueError if the file is no whole GGUF file, a number in it is not finite, or it
               does not fit the model; then the model is as it was
    """
    metadata, tensors = read_gguf(path)
    shapes = {name: parameter.shape for name, parameter in model.named_parameters()}
    state = {}
    for name, tensor in tensors.items():  # nothing is unpacked that does not fit
        shape = tensor.shape[::-1] if isinstance(tensor, Blocks) else tensor.shape
        if shape != shapes.get(name, shape):
            raise ValueError(
                f"load_gguf: {path}: {name} is {shape}, but the model's is {shapes[name]}"
            )
        state[name] = _numbers(path, name, tensor) if name in shapes else tensor
    model.load_state_dict(state)
    return metadata


def _as_floats(name, array, dtype):
    if not np.isfinite(array).all():
        raise ValueError(f"save_gguf: a number in {name} is not finite: did the training diverge?")
    try:
        with np.errstate(over="raise"):
            return array.astype(dtype, copy=False)
    except FloatingPointError:
        raise ValueError(
            f'save_gguf: a number in {name} is too large for {np.dtype(dtype)}: use rest="F32"'
        ) from None


def _numbers(path, name, tensor):
    """A tensor of a file as floats of the machine's own byte order, float32 for float16."""
    if isinstance(tensor, Blocks):
        try:
            return tensor.quantized().values()
        except ValueError as error:
            raise ValueError(f"load_gguf: {path}: {name}: {error}") from None
    tensor = tensor.astype(tensor.dtype.newbyteorder("="), copy=False)  # files are little endian
    if not np.isfinite(tensor).all():
        raise ValueError(f"load_gguf: {path}: {name}: some numbers are not finite")
    return tensor.astype(np.float32) if tensor.dtype == np.float16 else tensor
