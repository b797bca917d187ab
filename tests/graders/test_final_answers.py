"""`Extract(how="final_answer")` where the answer stands below its announcement, as models write headings."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.graders import Extract, MathEqual
from textgym.graders.extraction import committed_answer


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Final answer:\n3", "3"),
        ("Final answer:\r\n\r\n3\r\n", "3"),
        ("So it is.\n\n**Final answer:**\n3\n", "3"),
        ("**Final Answer**:\n\n3", "3"),
        ("## Final answer\n\n3", "3"),
        ("## **Final Answer**\n3", "3"),
        ("### The final answer:\n\n**3**", "3"),
        ("**Final Answer**\n\n$\\boxed{3}$\n", "$\\boxed{3}$"),
        ("Final answer is:\n3. That is all.", "3"),
        ("Answer:\n\n3\n", "3"),
        ("# Answer\n3\n", "3"),
        ("Final answer:\n3\n\nTo repeat it, the final answer is 3.", "3"),
        ("Final answer:\nThe final answer is 3.", "3"),
        ("Final answer:\n3\n\nFinal answer:\n4", None),
        ("Final answer: 3\n## Final answer\n\n4", None),
        ("## Final answer\n3\n## Final answer\n4\n", None),
        ("Final answer:\n3\nso the answer is 4.", None),
        ("Final answer:\n3 or 4", "3 or 4"),
        ("Answer:\n3\nAnswer:\n4", None),
        ("Answer:\nWe add one to two, which gives three\nFinal answer: 3", "3"),
        ("what the answer is\nnobody knows. Final answer: 3", "3"),  # a broken line announces nothing
        ("the text breaks at final answer\n3", None),
        ("final answer\n3", None),
        ("Final answer:\n\n", None),
        ("Final answer:", None),
        ("## Final answer", None),
        ("**Final answer:** 3", "3"),
    ],
)
def test_an_answer_may_stand_on_the_next_line(text, found):
    assert committed_answer(text, "final_answer").text == found


def test_the_grader_pays_it():
    grader = Extract(how="final_answer", grader=MathEqual(reference="{{ item.answer }}"))
    assert grader.grade({"answer": "3"}, "I add.\n\nFinal answer:\n3").value == 1.0
    assert grader.grade({"answer": "3"}, "Final answer:\n3\n\nFinal answer:\n4").value == 0.0
    assert grader.grade({"answer": "4"}, "Final answer:\n3\n\nFinal answer:\n4").value == 0.0


@given(st.lists(st.sampled_from(["Final answer", ":", "\n", "## ", "**", " ", "3", "4", "is", "Answer", ". "])))
def test_what_is_found_is_one_line_of_the_text(pieces):
    text = "".join(pieces)
    found = committed_answer(text, "final_answer").text
    assert found is None or (found in text and found.strip() == found and "\n" not in found)


@pytest.mark.parametrize(
    "piece", ["Final answer:\n", "## Final answer\n", "#", "# ", "\n", "** ", "# Answer\n \n", " "]
)
def test_a_megabyte_is_read_once(piece):
    begun = time.process_time()
    committed_answer("Final answer:" + piece * (1_000_000 // len(piece)) + "x", "final_answer")
    committed_answer("#" + piece * (1_000_000 // len(piece)) + "x", "final_answer")
    assert time.process_time() - begun < 5
