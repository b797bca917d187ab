"""The page: what there is, without importing it."""

from textgym.registry import Entry

ENVIRONMENTS = [
    Entry(
        id="coin/Coin-v0",
        entry_point="textgym_coin.coin:Coin",
        summary="Say which side a coin shows.",
        domain="games",
        tags=("toy",),
    )
]
