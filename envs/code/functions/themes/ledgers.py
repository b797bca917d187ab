"""Money, stocks and votes, in whole numbers."""

from typing import Any

from textgym.core import Random
from textgym.envs.code.functions.draws import many, whole, wholes
from textgym.envs.code.functions.family import Family


def _transfers(rng: Random) -> list[Any]:
    count = rng.randint(2, 4)
    start = [rng.choice([0, 5, 10, rng.randint(0, 20)]) for _ in range(count)]
    return [start, many(rng, 7, lambda: [*rng.sample(range(count), 2), rng.choice([0, 5, rng.randint(1, 15)])])]


def _lots(rng: Random) -> list[Any]:
    lots = many(rng, 5, lambda: [rng.randint(0, 6), rng.choice([2, 3, 5, 5, rng.randint(1, 9)])])
    return [lots, rng.randint(0, sum(lot[0] for lot in lots) + 3)]


def _ballots(rng: Random) -> list[Any]:
    names = "PQRS"[: rng.randint(2, 4)]
    return [many(rng, 9, lambda: "".join(rng.sample(names, rng.randint(1, len(names)))), 1)]


def _invoices(rng: Random) -> list[Any]:
    invoices = [rng.choice([10, 20, rng.randint(1, 30)]) for _ in range(rng.randint(0, 6))]
    payments = [rng.choice([*invoices, rng.randint(1, 40)]) for _ in range(rng.randint(0, 5))]
    return [invoices, payments]


FAMILIES = (
    Family(
        says=(
            "Accounts begin with the amounts in `start`. Each of `transfers`, [from, to, amount], moves an amount from one account "
            "(numbered from 0) to another, in order; $poor. Return $what.",
            "Carry out `transfers`, each [from, to, amount], between accounts that are numbered from 0 and hold the amounts `start` at "
            "first. They come in order; $poor. Return $what.",
        ),
        source="""
def move_money(start: list[int], transfers: list[list[int]]) -> list[int]:
    held = list(start)
    refused: list[int] = []
    for number, (giver, taker, amount) in enumerate(transfers):
        moved = amount
        if held[giver] - amount < $floor:
            refused.append(number)
            moved = $part
        held[giver] -= moved
        held[taker] += moved
    return $result
""",
        variants=tuple(
            {"poor": poor, "floor": floor, "part": part, "what": what, "result": result}
            for poor, floor, part in (
                ("one that would leave less than 0 on the giving account is refused and moves nothing", "0", "0"),
                ("one that would leave less than -5 on the giving account is refused and moves nothing", "-5", "0"),
                (
                    "one that asks for more than the giving account holds counts as refused, and moves all that there is "
                    "instead",
                    "0",
                    "held[giver]",
                ),
            )
            for what, result in (
                ("the amounts on the accounts at the end", "held"),
                ("the places, from 0, of the refused transfers in the list", "refused"),
            )
        ),
        inputs=_transfers,
        examples=(([[5, 0], [[0, 1, 3], [0, 1, 3]]], [2, 3]), ([[1, 2], []], [1, 2])),
        difficulty=2,
    ),
    Family(
        says=(
            "A store holds `lots`, each [pieces, price of a piece], in the order in which they were bought. To sell `sold` pieces, take "
            "$which; where the store does not have as many, sell all it has. Return $what.",
            "From `lots`, pairs [pieces, price of one] in order of purchase, `sold` pieces are sold, or as many as there are if these "
            "are fewer. Take $which. Return $what.",
        ),
        source="""
def sell_lots(lots: list[list[int]], sold: int) -> $kind:
    left = [pieces for pieces, price in lots]
    cost = 0
    wanted = sold
    for number in $order:
        taken = min(left[number], wanted)
        left[number] -= taken
        wanted -= taken
        cost += taken * lots[number][1]
    return $result
""",
        variants=tuple(
            {"which": which, "order": order, "what": what, "kind": kind, "result": result}
            for which, order in (
                ("first what was bought first", "range(len(lots))"),
                ("first what was bought last", "range(len(lots) - 1, -1, -1)"),
                (
                    "the dearest pieces first, and of equally dear ones those bought first",
                    "sorted(range(len(lots)), key=lambda i: -lots[i][1])",
                ),
            )
            for what, kind, result in (
                ("what the sold pieces had cost", "int", "cost"),
                (
                    "the lots [pieces, price] that are left, without empty ones, in the order of the list",
                    "list[list[int]]",
                    "[[left[i], lots[i][1]] for i in range(len(lots)) if left[i] > 0]",
                ),
            )
        ),
        inputs=_lots,
        examples=(([[[2, 5], [3, 4]], 3], 14), ([[], 2], 0), ([[[1, 7]], 5], 7)),
        difficulty=3,
    ),
    Family(
        says=(
            "Share `amount` whole coins (at least 0) among people in proportion to `weights` (numbers above 0): everyone first gets "
            "their share amount * weight / sum of weights, rounded down. The coins left over go, one each, to $who. Return the "
            "numbers of coins.",
            "Divide `amount` coins by `weights`, positive numbers, one a person. Everybody receives amount * weight // total weight "
            "coins; each of the coins that are then left goes to another person, namely to $who. Return what each one gets.",
        ),
        source="""
def share_coins(amount: int, weights: list[int]) -> list[int]:
    whole = sum(weights)
    shares = [amount * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: $key)
    for i in order[: amount - sum(shares)]:
        shares[i] += 1
    return shares
""",
        variants=(
            {"who": "the first people in the list", "key": "i"},
            {"who": "the last people in the list", "key": "-i"},
            {
                "who": "those with the largest remainders cut off by the rounding, of equal ones the first in the list",
                "key": "(-(amount * weights[i] % whole), i)",
            },
            {
                "who": "those with the largest weights, of equal ones the last in the list",
                "key": "(-weights[i], -i)",
            },
            {
                "who": "those who have the fewest coins so far, of equal ones the first in the list",
                "key": "(shares[i], i)",
            },
        ),
        inputs=lambda rng: [whole(rng, 0, 60), wholes(rng, 6, 1, 9, 1)],
        examples=(([10, [1, 1, 1]], [4, 3, 3]), ([0, [2]], [0]), ([7, [1, 3]], [2, 5])),
        difficulty=3,
    ),
    Family(
        says=(
            "Each text in `ballots` names one or more candidates, a letter each, the favourite first, none twice; at least one "
            "ballot is cast. $count Return the winner, of several the one $tie.",
            "Find who wins an election. `ballots` (at least one) are texts of different letters, candidates from the most to the "
            "least liked, perhaps not all of them. $count If several are equal, the one $tie wins. Return the letter.",
        ),
        source="""
def count_votes(ballots: list[str]) -> str:
    points: dict[str, int] = {}
    for ballot in ballots:
        for place, name in enumerate(ballot):
            points[name] = points.get(name, 0) + $worth
    best = ""
    for name in sorted(points):
        if best == "" or points[name] $sign points[best]:
            best = name
    return best
""",
        variants=tuple(
            {"count": count, "worth": worth, "tie": tie, "sign": sign}
            for count, worth in (
                (
                    "A first place counts 3 points, a second place 1, others nothing; most points win.",
                    "max(0, 3 - 2 * place)",
                ),
                (
                    "A place counts as many points as there are names behind it on the ballot; most points win.",
                    "len(ballot) - 1 - place",
                ),
                (
                    "Every naming counts 1 point, but -1 on the last of two or more places; most points win.",
                    "-1 if place > 0 and place == len(ballot) - 1 else 1",
                ),
            )
            for tie, sign in (("first in the alphabet", ">"), ("last in the alphabet", ">="))
        ),
        inputs=_ballots,
        examples=(([["QP", "PQ", "RQ"]], "Q"), ([["P"]], "P"), ([["Q", "P"]], "P")),
        difficulty=3,
    ),
    Family(
        says=(
            "Give out `seats` seats among parties with `votes` votes, one seat after the other: each goes to the party with the "
            "greatest quotient of its votes and $divisor, s being the seats it has so far; of equal ones to the party with $tie. "
            "Return the seats of each party.",
            "Parties got `votes`. Hand out `seats` seats one by one. With s the seats that a party holds already, the next seat falls "
            "to the one whose votes divided by $divisor are the most (exactly, without rounding); in a tie it is the one with "
            "$tie. Return how many seats each has.",
        ),
        source="""
def give_seats(votes: list[int], seats: int) -> list[int]:
    held = [0] * len(votes)
    for _ in range(seats):
        best = 0
        for i in range(1, len(votes)):
            one = votes[i] * ($best)
            other = votes[best] * ($own)
            if one > other or (one == other and $tied):
                best = i
        held[best] += 1
    return held
""",
        variants=tuple(
            {"divisor": divisor, "best": best, "own": own, "tie": tie, "tied": tied}
            for divisor, best, own in (
                ("s + 1", "held[best] + 1", "held[i] + 1"),
                ("2s + 1", "2 * held[best] + 1", "2 * held[i] + 1"),
                ("s + 2", "held[best] + 2", "held[i] + 2"),
            )
            for tie, tied in (
                ("the lower place in the list", "False"),
                ("fewer seats so far, and then the higher place in the list", "held[i] <= held[best]"),
            )
        ),
        inputs=lambda rng: [wholes(rng, 5, 1, 40, 2), rng.randint(0, 10)],
        examples=(([[10, 5], 3], [2, 1]), ([[4, 4], 1], [1, 0]), ([[1, 9], 0], [0, 0])),
        difficulty=4,
    ),
    Family(
        says=(
            "Pay `invoices` with `payments`, both lists of amounts above 0, payment by payment. $rule What cannot be used of a payment "
            "goes into a credit that is not used again. Return [what is still owed on each invoice, the credit].",
            "Amounts (all above 0) come in as `payments`, in order, and settle `invoices`. $rule The part of a payment that finds "
            "no use is added to a credit, which pays for nothing. The result is the list of the open amounts of all invoices, "
            "and the credit behind it, as [amounts, credit].",
        ),
        source="""
def settle_invoices(invoices: list[int], payments: list[int]) -> list[list[int] | int]:
    due = list(invoices)
    credit = 0
    for payment in payments:
        left = payment
        if $exact and left in due:
            due[due.index(left)] = 0
            continue
        for i in $order:
            if due[i] > left and $whole:
                continue
            part = min(due[i], left)
            due[i] -= part
            left -= part
        credit += left
    return [due, credit]
""",
        variants=tuple(
            {"rule": f"{exactly}{rule}", "exact": exact, "order": order, "whole": entire}
            for exactly, exact in (
                ("", "False"),
                (
                    "A payment that equals what is owed on an invoice settles the first such invoice, whatever follows. ",
                    "True",
                ),
            )
            for rule, order, entire in (
                (
                    "A payment goes to the invoices in the order of the list, as far as it reaches.",
                    "range(len(due))",
                    "False",
                ),
                (
                    "A payment goes to the invoices in the order of the list from the last to the first, but only to those "
                    "that what is left of it can pay off entirely.",
                    "range(len(due) - 1, -1, -1)",
                    "True",
                ),
            )
        ),
        inputs=_invoices,
        examples=(([[10, 20], [15]], [[0, 15], 0]), ([[], [3]], [[], 3]), ([[5], []], [[5], 0])),
        difficulty=3,
    ),
    Family(
        says=(
            "What do `pieces` pieces cost if `steps` holds [from, price] in ascending order of their first numbers, beginning with 1? $rule. For no "
            "pieces the cost is 0.",
            "Prices depend on the number bought: `steps`, sorted, with different first numbers and 1 as the first of them, holds [from, "
            "price]. $rule. Return the cost of `pieces` pieces (0 for none).",
        ),
        source="""
def stepped_cost(pieces: int, steps: list[list[int]]) -> int:
    total = 0
    for i, (start, price) in enumerate(steps):
        if pieces < start:
            break
        end = pieces
        if i + 1 < len(steps):
            end = min(pieces, steps[i + 1][0] - 1)
        $count
    return total
""",
        variants=(
            {
                "rule": "A piece costs the price of the last step whose number it reaches, counting pieces from 1",
                "count": "total += (end - start + 1) * price",
            },
            {
                "rule": "All pieces cost the price of the last step whose number their count reaches",
                "count": "total = pieces * price",
            },
            {
                "rule": "All pieces cost the price of the last step whose number their count reaches, but never more than at "
                "the price of the step before it, if there is one",
                "count": "total = pieces * (min(price, steps[i - 1][1]) if i > 0 else price)",
            },
            {
                "rule": "Each step that the count of pieces reaches costs its price once, however many pieces there are in it, "
                "and pieces above the number of the last step cost 1 each in addition",
                "count": "total += price + (end - start if i + 1 == len(steps) else 0)",
            },
        ),
        inputs=lambda rng: [
            whole(rng, 0, 30),
            [
                [1, rng.randint(2, 12)],
                *[[start, rng.randint(1, 12)] for start in sorted(rng.sample(range(2, 26), rng.randint(0, 3)))],
            ],
        ],
        examples=(([5, [[1, 10], [4, 8]]], 46), ([0, [[1, 3]]], 0), ([4, [[1, 10], [4, 8]]], 38)),
        difficulty=3,
    ),
)
