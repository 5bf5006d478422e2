"""Change the solution of an exercise by one slip at a time, as students and typing errors do."""

import ast
import copy
import inspect
import textwrap
from collections.abc import Iterator
from typing import Any

BINARY = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitOr,
}  # fmt: skip
COMPARED = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.Is: (ast.IsNot,),
}  # fmt: skip


def slips(node: ast.AST, names: list[str]) -> Iterator[ast.AST]:
    """Yield what might stand in the place of a node."""
    match node:
        case ast.BinOp(op=op) if type(op) in BINARY:
            yield ast.BinOp(node.left, BINARY[type(op)](), node.right)
            if isinstance(op, ast.Sub | ast.Div | ast.Pow):
                yield ast.BinOp(node.right, op, node.left)
        case ast.Compare(ops=[op]):
            for other in COMPARED.get(type(op), ()):
                yield ast.Compare(node.left, [other()], node.comparators)
        case ast.BoolOp(op=ast.And()):
            yield ast.BoolOp(ast.Or(), node.values)
        case ast.BoolOp(op=ast.Or()):
            yield ast.BoolOp(ast.And(), node.values)
        case ast.UnaryOp(op=ast.USub() | ast.Not() | ast.Invert()):
            yield node.operand
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield ast.Constant(value + 1)
            yield ast.Constant(value - 1)
        case ast.Constant(value=float() as value):
            yield ast.Constant(value * 1.1 + (value == 0))
        case ast.Name(id=name, ctx=ast.Load()) if name in names and len(names) > 1:
            yield ast.Name(names[(names.index(name) + 1) % len(names)], ast.Load())
        case ast.Call(args=[first, second, *rest]) if not any(
            isinstance(x, ast.Starred) for x in (first, second)
        ):
            yield ast.Call(node.func, [second, first, *rest], node.keywords)
        case ast.IfExp():
            yield ast.IfExp(node.test, node.orelse, node.body)


class Changed(ast.NodeTransformer):
    """Count the slips that are possible, and make the one of a number."""

    def __init__(self, number: int, names: list[str]) -> None:
        self.number, self.names, self.seen = number, names, 0
        self.what = ""

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, ast.stmt) and not isinstance(
            node, ast.Return | ast.FunctionDef | ast.ClassDef | ast.Import
        ):
            if self.seen == self.number:
                self.seen += 1
                self.what = f"without `{ast.unparse(node)}`"
                return ast.copy_location(ast.Pass(), node)
            self.seen += 1
        for other in slips(node, self.names):
            if ast.unparse(other) == ast.unparse(node):
                continue
            if self.seen == self.number:
                self.seen += 1
                self.what = (
                    f"`{ast.unparse(other)}` for `{ast.unparse(node)}` in line {getattr(node, 'lineno', 0)}"
                )
                return ast.copy_location(other, node)
            self.seen += 1
        return self.generic_visit(node)


def mutants(solution: Any) -> Iterator[tuple[str, Any]]:
    """Yield a description and the changed function, for every slip."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(solution)))
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    function.decorator_list = []
    function.body = function.body[1:]  # the docstring
    names = [arg.arg for node in ast.walk(function) if isinstance(node, ast.arguments) for arg in node.args]
    names += [
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id not in names
    ]
    names = list(dict.fromkeys(name for name in names if name != "self"))
    number = 0
    while True:
        changed, change = copy.deepcopy(function), Changed(number, names)
        changed.body = [change.visit(statement) for statement in changed.body]
        if not change.what:
            return
        module = ast.fix_missing_locations(ast.Module([changed], []))
        space = dict(vars(inspect.getmodule(solution)))
        exec(compile(module, "<a slip>", "exec"), space)
        yield change.what, space[function.name]
        number += 1
