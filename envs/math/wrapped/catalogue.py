"""reasoning-gym's datasets: which are taken, how each is judged, and why the others are left out.

Looked at: 0.1.23 and 0.1.25. A dataset that is on no list, since a later release brought it, is not taken unseen.
"""

_EXACT = """
    ab acre advanced_geometry aiw arc_1d arc_agi base_conversion basic_arithmetic binary_alternation binary_matrix
    bitwise_arithmetic caesar_cipher calendar_arithmetic chain_sum circuit_logic coin_flip color_cube_rotation
    complex_arithmetic count_bits count_primes course_schedule decimal_arithmetic decimal_chain_sum dice emoji_mystery
    family_relationships figlet_font fraction_simplification futoshiki game_of_life game_of_life_halting gcd gsm_symbolic
    knights_knaves largest_island lcm leg_counting letter_counting letter_jumble list_functions mahjong_puzzle
    manipulate_matrix maze mini_sudoku modulo_grid needle_haystack number_filtering number_format number_sequence
    number_sorting path_star polynomial_equations power_function prime_factorization products rearc rectangle_count
    rotate_matrix rotten_oranges self_reference sentence_reordering simple_equations simple_geometry spell_backward
    spiral_matrix string_insertion string_manipulation string_splitting string_synthesis sudoku survo syllogism tsumego
    word_sequence_reversal word_sorting zebra_puzzles
"""
EXACT = frozenset(_EXACT.split())
"""One answer is right: an answer must say the same."""

_SEVERAL = """
    cryptarithm group_anagrams jugs kakurasu palindrome_generation palindrome_partitioning quantum_lock shortest_path
    sokoban tower_of_hanoi
"""
SEVERAL = frozenset(_SEVERAL.split())
"""Several answers are right: their own scorer decides about an answer that is of the form asked for."""

STRICT_ONLY = {
    "binary_matrix": "its scorer evaluates the answer as Python",
    "spiral_matrix": "its scorer evaluates the answer as Python",
    "string_insertion": "its scorer evaluates the answer as Python",
    "coin_flip": "its scorer works out numbers of any size, such as 1e999999999, without end",
    "complex_arithmetic": "its scorer pays 1.0 for nan",
    "game_of_life_halting": "its scorer pays 1.0 for any text where the answer is True, and where it is False too",
}
"""Datasets of which their own scorer is never given a model's text, so that `partial` cannot be had."""

_HASHED = "its items depend on PYTHONHASHSEED, so that a task is another one in another process"
_NO_ANSWER = "it gives no answer, so that nothing proves that a task can be solved"
_EVALUATED = "it takes several answers, and its scorer evaluates them as Python; textgym/{}-v0 asks the same"

LEFT_OUT = {
    "bf": "it prints while it draws",
    "boxnet": _NO_ANSWER,
    "codeio": "it executes hundreds of stored programs in the process that draws",
    "composite": "it mixes others: name several datasets instead",
    "countdown": _EVALUATED.format("Countdown"),
    "graph_color": f"{_NO_ANSWER}; textgym/GraphColouring-v0 asks the same",
    "intermediate_integration": _EVALUATED.format("Antiderivative"),
    "isomorphic_strings": _HASHED,
    "knight_swap": _HASHED,
    "n_queens": "it takes several answers, and its scorer evaluates them as Python",
    "polynomial_multiplication": _HASHED,
    "pool_matrix": "it reseeds numpy's global generator",
    "propositional_logic": _NO_ANSWER,
    "puzzle24": _EVALUATED.format("Countdown"),
    "ransom_note": _HASHED,
    "rubiks_cube": _NO_ANSWER,
    "rush_hour": _NO_ANSWER,
    "simple_integration": _EVALUATED.format("Antiderivative"),
    "time_intervals": "it reads today's date",
    "word_ladder": _HASHED,
}
"""Datasets that are not taken, and why."""

MIX = (
    "caesar_cipher",
    "calendar_arithmetic",
    "family_relationships",
    "jugs",
    "letter_counting",
    "maze",
    "number_sequence",
    "shortest_path",
    "spell_backward",
    "string_manipulation",
    "syllogism",
    "tower_of_hanoi",
)
"""What is drawn from by default: datasets that this package has no family of its own for."""

ITEMS = 2**31
"""Numbers that items are drawn from: an item is a function of its number."""
FEWER_ITEMS = {"acre": 2_000, "gsm_symbolic": 100_000, "list_functions": 100_000}
"""Where a dataset prepares something for every item ahead of time."""
