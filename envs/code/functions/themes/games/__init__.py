"""Games: who wins, what counts, where one lands."""

from textgym.envs.code.functions.themes.games import play, scores

# The tasks' numbers follow this order: a new family comes last.
FAMILIES = (
    play.JUDGE_BOARD,
    scores.SCORE_FRAMES,
    scores.RATE_GUESS,
    scores.HAND_VALUE,
    scores.SCORE_DICE,
    play.RACE_PIECE,
    scores.COUNT_GAMES,
    play.COUNT_OUT,
    play.BEGINNER_WINS,
)
