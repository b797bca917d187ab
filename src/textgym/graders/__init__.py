"""Small graders, composed into expressive ones; in Python and in JSON at once.

    from textgym.graders import load, math_equal

    grader = load('{"type": "exact", "reference": "{{ item.answer }}"}')
    grader.grade({"answer": "4"}, "4").value      # 1.0

Importing this package is light: names are imported from their modules when they are first used.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textgym.graders.base import Grader as Grader
    from textgym.graders.base import Node as Node
    from textgym.graders.base import OnInvalid as OnInvalid
    from textgym.graders.base import passed as passed
    from textgym.graders.base import settle as settle
    from textgym.graders.calculation import FormulaGrader as FormulaGrader
    from textgym.graders.catalogue import load as load
    from textgym.graders.code.python import PythonGrader as PythonGrader
    from textgym.graders.code.sql import SqlResult as SqlResult
    from textgym.graders.code.tests import StdioTests as StdioTests
    from textgym.graders.code.tests import UnitTests as UnitTests
    from textgym.graders.errors import GraderSpecError as GraderSpecError
    from textgym.graders.errors import Invalid as Invalid
    from textgym.graders.extraction import Commitment as Commitment
    from textgym.graders.extraction import Extract as Extract
    from textgym.graders.extraction import committed_answer as committed_answer
    from textgym.graders.flow import Case as Case
    from textgym.graders.flow import FirstValid as FirstValid
    from textgym.graders.flow import Gate as Gate
    from textgym.graders.flow import Root as Root
    from textgym.graders.formula import Formula as Formula
    from textgym.graders.formula import FormulaError as FormulaError
    from textgym.graders.formula import parse_formula as parse_formula
    from textgym.graders.functions import Ref as Ref
    from textgym.graders.functions import grader as grader
    from textgym.graders.groups import DiversityBonus as DiversityBonus
    from textgym.graders.groups import DropZeroVariance as DropZeroVariance
    from textgym.graders.groups import GroupZ as GroupZ
    from textgym.graders.groups import RankInGroup as RankInGroup
    from textgym.graders.groups import Tournament as Tournament
    from textgym.graders.judges.asking import SamplingParams as SamplingParams
    from textgym.graders.judges.audit import AuditReport as AuditReport
    from textgym.graders.judges.audit import aaudit_judge as aaudit_judge
    from textgym.graders.judges.audit import audit_judge as audit_judge
    from textgym.graders.judges.calibrated import Calibrated as Calibrated
    from textgym.graders.judges.label_model import LabelModel as LabelModel
    from textgym.graders.judges.labels import LabelsError as LabelsError
    from textgym.graders.judges.labels import read_examples as read_examples
    from textgym.graders.judges.pairwise import Pairwise as Pairwise
    from textgym.graders.judges.panel import Panel as Panel
    from textgym.graders.judges.quorum import Quorum as Quorum
    from textgym.graders.judges.rubric import Criterion as Criterion
    from textgym.graders.judges.rubric import Rubric as Rubric
    from textgym.graders.judges.score_model import ScoreModel as ScoreModel
    from textgym.graders.judges.service import JudgeService as JudgeService
    from textgym.graders.judges.service import judging as judging
    from textgym.graders.ledger import charge as charge
    from textgym.graders.limits import Budget as Budget
    from textgym.graders.limits import Cache as Cache
    from textgym.graders.limits import Timeout as Timeout
    from textgym.graders.math import MathOptions as MathOptions
    from textgym.graders.math import Verdict as Verdict
    from textgym.graders.math import compare_math as compare_math
    from textgym.graders.math import math_equal as math_equal
    from textgym.graders.math.graders import ExprNumeric as ExprNumeric
    from textgym.graders.math.graders import LatexEqual as LatexEqual
    from textgym.graders.math.graders import MathEqual as MathEqual
    from textgym.graders.openai.meteor import Meteor as Meteor
    from textgym.graders.openai.reading import from_openai as from_openai
    from textgym.graders.openai.running import agraders_run as agraders_run
    from textgym.graders.openai.running import graders_run as graders_run
    from textgym.graders.openai.vocabulary import NotExpressible as NotExpressible
    from textgym.graders.openai.writing import to_openai as to_openai
    from textgym.graders.order import KOfN as KOfN
    from textgym.graders.order import Max as Max
    from textgym.graders.order import Median as Median
    from textgym.graders.order import Min as Min
    from textgym.graders.order import Quantile as Quantile
    from textgym.graders.order import TrimmedMean as TrimmedMean
    from textgym.graders.primitives.changes import DiffApplies as DiffApplies
    from textgym.graders.primitives.changes import FilesUnchanged as FilesUnchanged
    from textgym.graders.primitives.choice import Choice as Choice
    from textgym.graders.primitives.choice import Ordinal as Ordinal
    from textgym.graders.primitives.citations import CitationPrecision as CitationPrecision
    from textgym.graders.primitives.citations import CitationRecall as CitationRecall
    from textgym.graders.primitives.citations import UrlInTrajectory as UrlInTrajectory
    from textgym.graders.primitives.collections import Jaccard as Jaccard
    from textgym.graders.primitives.collections import SequenceMatch as SequenceMatch
    from textgym.graders.primitives.collections import SetExact as SetExact
    from textgym.graders.primitives.collections import SetF1 as SetF1
    from textgym.graders.primitives.form import Boxed as Boxed
    from textgym.graders.primitives.form import JsonOnly as JsonOnly
    from textgym.graders.primitives.form import JsonValid as JsonValid
    from textgym.graders.primitives.form import ScriptIs as ScriptIs
    from textgym.graders.primitives.form import Tag as Tag
    from textgym.graders.primitives.form import ThinkFormat as ThinkFormat
    from textgym.graders.primitives.json_match import JsonEqual as JsonEqual
    from textgym.graders.primitives.json_match import JsonFieldF1 as JsonFieldF1
    from textgym.graders.primitives.json_match import JsonSchema as JsonSchema
    from textgym.graders.primitives.language import LanguageIs as LanguageIs
    from textgym.graders.primitives.length import LengthWindow as LengthWindow
    from textgym.graders.primitives.length import Repetition as Repetition
    from textgym.graders.primitives.length import SoftOverlong as SoftOverlong
    from textgym.graders.primitives.ngrams import Bleu as Bleu
    from textgym.graders.primitives.ngrams import Chrf as Chrf
    from textgym.graders.primitives.ngrams import Gleu as Gleu
    from textgym.graders.primitives.ngrams import Rouge as Rouge
    from textgym.graders.primitives.numbers import InRange as InRange
    from textgym.graders.primitives.numbers import NumberEqual as NumberEqual
    from textgym.graders.primitives.numbers import NumberScore as NumberScore
    from textgym.graders.primitives.numbers import QuantityEqual as QuantityEqual
    from textgym.graders.primitives.ranking import Kendall as Kendall
    from textgym.graders.primitives.ranking import Mrr as Mrr
    from textgym.graders.primitives.ranking import Ndcg as Ndcg
    from textgym.graders.primitives.ranking import RecallAtK as RecallAtK
    from textgym.graders.primitives.similarity import CosineTfidf as CosineTfidf
    from textgym.graders.primitives.similarity import Fuzzy as Fuzzy
    from textgym.graders.primitives.similarity import JaroWinkler as JaroWinkler
    from textgym.graders.primitives.similarity import Levenshtein as Levenshtein
    from textgym.graders.primitives.similarity import TokenF1 as TokenF1
    from textgym.graders.primitives.source import AstEqual as AstEqual
    from textgym.graders.primitives.source import Compiles as Compiles
    from textgym.graders.primitives.table_match import TableMatch as TableMatch
    from textgym.graders.primitives.table_match import TableValid as TableValid
    from textgym.graders.primitives.text import ContainsAll as ContainsAll
    from textgym.graders.primitives.text import ContainsAny as ContainsAny
    from textgym.graders.primitives.text import ContainsNone as ContainsNone
    from textgym.graders.primitives.text import Exact as Exact
    from textgym.graders.primitives.text import Keywords as Keywords
    from textgym.graders.primitives.text import NoLeak as NoLeak
    from textgym.graders.primitives.text import Regex as Regex
    from textgym.graders.primitives.text import StringCheck as StringCheck
    from textgym.graders.primitives.tool_calls import ToolCallMatch as ToolCallMatch
    from textgym.graders.sample import Item as Item
    from textgym.graders.sample import Sample as Sample
    from textgym.graders.shaping import Affine as Affine
    from textgym.graders.shaping import Clip as Clip
    from textgym.graders.shaping import Constant as Constant
    from textgym.graders.shaping import Invert as Invert
    from textgym.graders.shaping import Not as Not
    from textgym.graders.shaping import Penalty as Penalty
    from textgym.graders.shaping import Power as Power
    from textgym.graders.shaping import Sigmoid as Sigmoid
    from textgym.graders.shaping import Threshold as Threshold
    from textgym.graders.sums import GeometricMean as GeometricMean
    from textgym.graders.sums import Product as Product
    from textgym.graders.sums import Sum as Sum
    from textgym.graders.sums import WeightedMean as WeightedMean

_HOME = {
    "base": "Grader Node OnInvalid passed settle",
    "calculation": "FormulaGrader",
    "catalogue": "load",
    "code.python": "PythonGrader",
    "code.sql": "SqlResult",
    "code.tests": "StdioTests UnitTests",
    "errors": "GraderSpecError Invalid",
    "extraction": "Commitment Extract committed_answer",
    "flow": "Case FirstValid Gate Root",
    "formula": "Formula FormulaError parse_formula",
    "functions": "Ref grader",
    "groups": "DiversityBonus DropZeroVariance GroupZ RankInGroup Tournament",
    "judges.asking": "SamplingParams",
    "judges.audit": "AuditReport aaudit_judge audit_judge",
    "judges.calibrated": "Calibrated",
    "judges.label_model": "LabelModel",
    "judges.labels": "LabelsError read_examples",
    "judges.pairwise": "Pairwise",
    "judges.panel": "Panel",
    "judges.quorum": "Quorum",
    "judges.rubric": "Criterion Rubric",
    "judges.score_model": "ScoreModel",
    "judges.service": "JudgeService judging",
    "ledger": "charge",
    "limits": "Budget Cache Timeout",
    "math": "MathOptions Verdict compare_math math_equal",
    "math.graders": "ExprNumeric LatexEqual MathEqual",
    "openai.meteor": "Meteor",
    "openai.reading": "from_openai",
    "openai.running": "agraders_run graders_run",
    "openai.vocabulary": "NotExpressible",
    "openai.writing": "to_openai",
    "order": "KOfN Max Median Min Quantile TrimmedMean",
    "primitives.changes": "DiffApplies FilesUnchanged",
    "primitives.choice": "Choice Ordinal",
    "primitives.citations": "CitationPrecision CitationRecall UrlInTrajectory",
    "primitives.collections": "Jaccard SequenceMatch SetExact SetF1",
    "primitives.form": "Boxed JsonOnly JsonValid ScriptIs Tag ThinkFormat",
    "primitives.json_match": "JsonEqual JsonFieldF1 JsonSchema",
    "primitives.language": "LanguageIs",
    "primitives.length": "LengthWindow Repetition SoftOverlong",
    "primitives.ngrams": "Bleu Chrf Gleu Rouge",
    "primitives.numbers": "InRange NumberEqual NumberScore QuantityEqual",
    "primitives.ranking": "Kendall Mrr Ndcg RecallAtK",
    "primitives.similarity": "CosineTfidf Fuzzy JaroWinkler Levenshtein TokenF1",
    "primitives.source": "AstEqual Compiles",
    "primitives.table_match": "TableMatch TableValid",
    "primitives.text": "ContainsAll ContainsAny ContainsNone Exact Keywords NoLeak Regex StringCheck",
    "primitives.tool_calls": "ToolCallMatch",
    "sample": "Item Sample",
    "shaping": "Affine Clip Constant Invert Not Penalty Power Sigmoid Threshold",
    "sums": "GeometricMean Product Sum WeightedMean",
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names.split()}

__all__ = sorted(_MODULE_OF)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name in _MODULE_OF:
        value = getattr(importlib.import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(set(globals()) | _MODULE_OF.keys())
