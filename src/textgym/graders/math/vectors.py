"""Products of vectors and of spaces, in which the sign and the order count, and sums of unit vectors as tuples.

A product that is worked out nowhere is a call of a name that nothing else bears: `cross`, `dot` or `cartesian`. It equals
the same product alone.
"""

from textgym.graders.math.build import quotient
from textgym.graders.math.tree import (
    ONE,
    ZERO,
    Add,
    Call,
    Const,
    Div,
    Matrix,
    Mul,
    Neg,
    Node,
    Pow,
    Relation,
    Sequence,
    Sym,
    fingerprint,
    rebuild,
    symbols,
    walk,
)

_ARROWS = ("vec ", "overrightarrow ")
_HATS = frozenset(["hat i", "hat j", "hat k", "hat n", "hat u"])
"""Letters under a hat that are vectors; under others it means an estimate."""
_BASIS = {f"{sign} {letter}": "ijk".index(letter) for sign in ("hat", "vec") for letter in "ijk"}
_LETTERS: dict[Node, int] = {Const("i"): 0, Sym("j"): 1, Sym("k"): 2}
UNIT_VECTORS = ("\\hat", "\\vec", "\\mathbf", "\\boldsymbol", "\\bm", "\\pmb", "j")
"""One of these is in each text in which unit vectors are."""
_SPACE = len("mathbb R")


def is_vector(node: Node, bold: set[str]) -> bool:
    """Whether a value is a vector by the signs on its letters; `bold` are the capitals that are written in bold."""
    if isinstance(node, Sym):
        return node.name.startswith(_ARROWS) or node.name in _HATS or node.name in bold
    if isinstance(node, Add):
        return any(is_vector(term, bold) for term in node.terms)
    if isinstance(node, Mul):
        return any(is_vector(factor, bold) for factor in node.factors)
    if isinstance(node, Neg):
        return is_vector(node.of, bold)
    if isinstance(node, Div):
        return is_vector(node.top, bold)
    return isinstance(node, Call) and node.name == "cross"


def joined(groups: list[list[Node]], signs: list[str], bold: set[str]) -> list[Node]:
    """The factors of a product, given as what stands between its signs.

    Args:
        groups: factors without a sign between them; one more than there are signs.
        signs: `times`, `cdot` or `*`.
        bold: capitals that are written in bold.
    """
    if not signs:
        return groups[0]
    if "times" in signs or any(is_vector(factor, bold) for group in groups for factor in group):
        groups, signs = _folded(groups, signs, ("times",), bold)  # a cross binds closer than a dot
        groups, signs = _folded(groups, signs, ("cdot", "*"), bold)
    return [factor for group in groups for factor in group]


def _folded(
    groups: list[list[Node]], signs: list[str], which: tuple[str, ...], bold: set[str]
) -> tuple[list[list[Node]], list[str]]:
    kept, between = [groups[0]], list[str]()
    for sign, right in zip(signs, groups[1:], strict=True):
        found = _product(kept[-1], right, sign, bold) if sign in which else None
        if found is None:
            kept.append(right)
            between.append(sign)
        else:
            kept[-1] = found
    return kept, between


def _product(left: list[Node], right: list[Node], sign: str, bold: set[str]) -> list[Node] | None:
    """The factors of a product of two groups; None where it is plain multiplication."""
    if sign == "times" and len(left) == len(right) == 1:
        if _is_space(left[0]) and _is_space(right[0]):
            spaces = [part for one in (left[0], right[0]) for part in _spaces(one)]
            return [Call("cartesian", tuple(spaces))]
        if left[0] in _LETTERS and right[0] in _LETTERS:
            return [_cross(left[0], right[0])]
    arrows, others = ([one for one in group if is_vector(one, bold)] for group in (left, right))
    if not arrows or not others:
        return None
    scalars = [one for one in (*left, *right) if not is_vector(one, bold)]
    a, b = (_with_arrows(quotient(group, []), bold) for group in (arrows, others))
    return [*scalars, _cross(a, b) if sign == "times" else _dot(a, b)]


def _cross(a: Node, b: Node) -> Node:
    """The order turns the sign."""
    if isinstance(a, Neg) or isinstance(b, Neg):
        inner = _cross(a.of if isinstance(a, Neg) else a, b.of if isinstance(b, Neg) else b)
        return inner if isinstance(a, Neg) and isinstance(b, Neg) else Neg(inner)
    if a == b:
        return ZERO
    if fingerprint(a) > fingerprint(b):
        return Neg(Call("cross", (b, a)))
    return Call("cross", (a, b))


def _dot(a: Node, b: Node) -> Node:
    if a == b:
        return Mul((a, b))  # the square of its length
    return Call("dot", (a, b) if fingerprint(a) < fingerprint(b) else (b, a))


def _with_arrows(node: Node, bold: set[str]) -> Node:
    """The same with the bold capitals as other vectors are named."""
    if isinstance(node, Sym) and node.name in bold:
        return Sym(f"vec {node.name}")
    return rebuild(node, lambda child: _with_arrows(child, bold)) if bold else node


def _is_space(node: Node) -> bool:
    if isinstance(node, Pow):
        return _is_space(node.base)
    if isinstance(node, Call):
        return node.name == "cartesian"
    return isinstance(node, Sym) and node.name.startswith("mathbb ") and len(node.name) == _SPACE


def _spaces(node: Node) -> tuple[Node, ...]:
    return node.args if isinstance(node, Call) else (node,)


# -- unit vectors ----------------------------------------------------------------------------------------------------------


def as_tuple(node: Node) -> Node:
    """An answer with sums of unit vectors as tuples of their coefficients, and the vectors that it names without arrows."""
    if isinstance(node, Relation) and set(node.ops) == {"="}:
        first, *others = (_by_unit_vectors(side) or side for side in node.sides)
        if isinstance(first, Sym) and len(others) == 1:
            others = [_by_letters(others[0]) or others[0]]
            if isinstance(others[0], Sequence | Matrix) or not symbols(others[0]):
                first = Sym(first.name.removeprefix("vec "))
        return Relation(node.ops, (first, *others))
    if isinstance(node, Sequence) and node.kind == "list":
        return Sequence("list", tuple(_by_unit_vectors(item) or item for item in node.items), node.joiner)
    return _by_unit_vectors(node) or _by_letters(node) or node


def _by_unit_vectors(node: Node) -> Node | None:
    basis: dict[Node, int] = {at: _BASIS[at.name] for at in walk(node) if isinstance(at, Sym) and at.name in _BASIS}
    return _coefficients(node, basis) if basis else None


def _by_letters(node: Node) -> Node | None:
    """Plain letters as in 3i - 2j + k, where i and j are there and no other letter is."""
    if not isinstance(node, Add) or not {Const("i"), Sym("j")} <= set(walk(node)) or {*symbols(node)} - {"j", "k"}:
        return None
    return _coefficients(node, _LETTERS)


def _coefficients(node: Node, basis: dict[Node, int]) -> Node | None:
    """The tuple of a linear combination of unit vectors: of two numbers where the third vector is not there."""
    found = _linear(node, basis, ONE)
    if found is None or not found:
        return None
    size = 3 if any(place == 2 for place, _ in found) else 2
    sums: list[list[Node]] = [[] for _ in range(size)]
    for place, coefficient in found:
        sums[place].append(coefficient)
    return Sequence("tuple", tuple(Add(tuple(one)) if len(one) > 1 else one[0] if one else ZERO for one in sums))


def _linear(node: Node, basis: dict[Node, int], scale: Node) -> list[tuple[int, Node]] | None:
    """Each unit vector's place with its coefficient, times a scale; None where that is not all there is."""
    if node in basis:
        return [(basis[node], scale)]
    if isinstance(node, Neg):
        return _linear(node.of, basis, Neg(scale))
    if isinstance(node, Add):
        terms = [_linear(term, basis, scale) for term in node.terms]
        return None if None in terms else [one for term in terms for one in term or []]
    if isinstance(node, Div) and not _holds(node.bottom, basis):
        return _linear(node.top, basis, Div(scale, node.bottom))
    if isinstance(node, Mul):
        vectors = [factor for factor in node.factors if _holds(factor, basis)]
        scalars = tuple(factor for factor in node.factors if not _holds(factor, basis))
        return _linear(vectors[0], basis, Mul((scale, *scalars))) if len(vectors) == 1 else None
    return None


def _holds(node: Node, basis: dict[Node, int]) -> bool:
    return any(at in basis for at in walk(node))
