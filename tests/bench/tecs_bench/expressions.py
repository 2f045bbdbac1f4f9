"""Arithmetic with figures, as documents write it: 1e6 / median("postfix", "a row", "TECS", "cpu_us")."""

import ast
import math
import operator
from typing import Callable, Mapping

from .results import Results

_OPERATORS: dict[type, Callable] = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
                                    ast.Div: operator.truediv, ast.USub: operator.neg}
_FUNCTIONS: dict[str, Callable] = {"ceil": math.ceil, "min": min, "max": max}


class WrongExpression(ValueError):
    """An expression is not one, or asks for figures that are not there."""


def evaluate(text: str, results: Results, names: Mapping[str, float]) -> float:
    """names: what earlier expressions came to."""
    try:
        return _value(ast.parse(text.strip(), mode="eval").body, results, names)
    except (SyntaxError, KeyError, ValueError, TypeError, ZeroDivisionError) as why:
        raise WrongExpression(f"{text.strip()}: {why}") from why


def _value(node: ast.expr, results: Results, names: Mapping[str, float]) -> float:
    def value(inner: ast.expr) -> float:
        return _value(inner, results, names)

    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return node.value
    if isinstance(node, ast.Name):
        return names[node.id]
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](value(node.left), value(node.right))
    if isinstance(node, ast.UnaryOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](value(node.operand))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        if node.func.id == "median":
            return _median(node.args, results)
        if node.func.id in _FUNCTIONS:
            return _FUNCTIONS[node.func.id](*map(value, node.args))
    raise WrongExpression(f"{ast.unparse(node)} is not understood")


def _median(arguments: list[ast.expr], results: Results) -> float:
    topic, row, subject, metric = (ast.literal_eval(argument) for argument in arguments)
    return results.subject(topic, row, subject).median(metric)
