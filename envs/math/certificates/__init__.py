"""Proofs as certificates: the answer is an object that a program checks, and any that passes is right."""

from textgym.registry import Entry


def _entry(name: str, module: str, summary: str, *tags: str) -> Entry:
    return Entry(
        id=f"textgym/{name}-v0",
        entry_point=f"textgym.envs.math.certificates.{module}:{name}",
        summary=summary,
        domain="math",
        tags=("single-turn", "proof", *tags),
    )


ENVIRONMENTS: tuple[Entry, ...] = (
    _entry("FindWitness", "find_witness", "Prove that something exists by showing it.", "number-theory"),
    _entry(
        "CounterExample", "counterexample", "Refute a false claim about all whole numbers of a range.", "number-theory"
    ),
    _entry(
        "FactorCertificate",
        "factor_certificate",
        "Split a number, given two squares that agree modulo it.",
        "number-theory",
    ),
    _entry("PrimalityCertificate", "primality_certificate", "Prove that a number is prime.", "number-theory"),
    _entry("CompositenessWitness", "compositeness_witness", "Prove that a number is not prime.", "number-theory"),
    _entry("ResolutionProof", "resolution_proof", "Refute a set of clauses by resolution, step by step.", "logic"),
    _entry(
        "FarkasCertificate", "farkas_certificate", "Prove that linear inequalities contradict each other.", "algebra"
    ),
)
