"""The three protocols: which texts are calls, and what is said about those that are none."""

import pytest
from sample_tools import TOOLS

from textgym.actions import PROTOCOLS, describe_tools, encode_call, encode_calls, parse_calls


def found(text, protocol):
    parsed = parse_calls(text, TOOLS, protocol)
    assert not parsed.errors, [error.message for error in parsed.errors]
    return [(call.name, call.arguments) for call in parsed.calls]


def complaint(text, protocol):
    parsed = parse_calls(text, TOOLS, protocol)
    assert not parsed.calls
    return "\n".join(error.message for error in parsed.errors)


CALCULATE = [("calculate", {"expression": "2+3"})]


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("<calculate>2+3</calculate>", CALCULATE),
        ("First I add. <calculate>2+3</calculate> Then we see.", CALCULATE),
        ("<calculate>\n2+3\n</calculate>", CALCULATE),
        ("<calculate><expression>2+3</expression></calculate>", CALCULATE),
        ('<calculate expression="2+3"/>', CALCULATE),
        ("<calculate expression='2+3'></calculate>", CALCULATE),
        ("<calculate expression=2+3></calculate>", CALCULATE),
        ("<calculate><![CDATA[2+3]]></calculate>", CALCULATE),
        ("The tool <calculate> is useful: <calculate>2+3</calculate>", CALCULATE),
        ("<calculate>1 < 2 && a<b</calculate>", [("calculate", {"expression": "1 < 2 && a<b"})]),
        ("<calculate><b>2</b></calculate>", [("calculate", {"expression": "<b>2</b>"})]),
        ("<read_notes/>", [("read_notes", {})]),
        ("<read_notes />", [("read_notes", {})]),
        ("<read_notes></read_notes>", [("read_notes", {})]),
        ("<search k=5>the moon</search>", [("search", {"k": 5, "query": "the moon"})]),
        (
            "<search>\n  <query>a b\n</query>\n  <k>2</k>\n  <exact>True</exact>\n</search>",
            [("search", {"query": "a b", "k": 2, "exact": True})],
        ),
        (
            '<search><query>q</query><tags>["a", "b"]</tags><near>2</near></search>',
            [("search", {"query": "q", "tags": ["a", "b"], "near": 2.0})],
        ),
        ("<read_notes/><calculate>2+3</calculate>", [("read_notes", {}), *CALCULATE]),
        ("<search>see <calculate>2</calculate></search>", [("search", {"query": "see <calculate>2</calculate>"})]),
        ("<search>see <search/> here</search>", [("search", {"query": "see <search/> here"})]),
        ("no call, <b>bold</b>, 1 < 2", []),
        ("", []),
    ],
)
def test_tags(text, calls):
    assert found(text, "tags") == calls


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<calculate>2+3", ["<calculate> is not closed with </calculate>", "Write <calculate>EXPRESSION</calculate>"]),
        ("<calculate>2 <think> 3</calculate>", ["<calculate> is not closed"]),
        ("<calcualte>2+3</calcualte>", ["no tool <calcualte>", "did you mean 'calculate'?"]),
        ("<calculate></calculate>", ["missing argument 'expression'"]),
        ("<calculate/>", ["missing argument 'expression'"]),
        ("<read_notes>all</read_notes>", ["takes no arguments"]),
        ("<search k='x'>q</search>", ["'k': expected whole number from 1 to 10, got 'x'"]),
        ("<search limit='3'>q</search>", ["unknown argument 'limit'"]),
        ("<search query='a'>b</search>", ["'query' is given twice"]),
        ("<search><query>a</query><query>b</query></search>", ["'query' is given twice"]),
        ("<search><query>a</search>", ["<query> is not closed"]),
        ("<search><query>a</query> and <k>2</k></search>", ["text outside its arguments: 'and'"]),
        ("<search><query>a</query><limit>2</limit></search>", ["text outside its arguments: '<limit>2</limit>'"]),
    ],
)
def test_what_is_wrong_with_tags_is_said(text, words):
    message = complaint(text, "tags")
    assert all(word in message for word in words), message


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("<function=calculate><parameter=expression>2+3</parameter></function>", CALCULATE),
        (
            "Let me add.\n<tool_call>\n<function=calculate>\n<parameter=expression>\n2+3\n</parameter>\n</function>\n</tool_call>",
            CALCULATE,
        ),
        ("<function=read_notes></function>", [("read_notes", {})]),
        (
            "Use <function=calculate> so: <function=calculate><parameter=expression>2+3</parameter></function>",
            CALCULATE,
        ),
        (
            "<function=search><parameter=query>a < b</parameter><parameter=k> 2 </parameter></function>",
            [("search", {"query": "a < b", "k": 2})],
        ),
        (
            "<function=calculate><parameter=expression><![CDATA[</parameter>]]></parameter></function>",
            [("calculate", {"expression": "</parameter>"})],
        ),
        ("a <function> and a <parameter>", []),
        ("<calculate>2+3</calculate>", []),
    ],
)
def test_xml(text, calls):
    assert found(text, "xml") == calls


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<function=calc></function>", ["no tool 'calc'", "did you mean 'calculate'?"]),
        ("<function=calculate></function>", ["missing argument 'expression'", "Write <function=calculate><parameter="]),
        ("<function=calculate>2+3</function>", ["text outside its parameters: '2+3'"]),
        ("<function=calculate><parameter=expression>2+3</function>", ["<parameter=expression> is not closed"]),
        ("<function=calculate><parameter=expression>2+3</parameter>", ["<function=calculate> is not closed"]),
        ("<function=calculate><parameter>2</parameter></function>", ["expected <parameter=...>", "<parameter>"]),
        (
            "<function=search><parameter=query>a</parameter><parameter=query>b</parameter></function>",
            ["'query' is given twice"],
        ),
        ("<function=search><parameter=quary>a</parameter></function>", ["missing", "did you mean 'query'?"]),
    ],
)
def test_what_is_wrong_with_xml_is_said(text, words):
    message = complaint(text, "xml")
    assert all(word in message for word in words), message


BODY = '{"name": "calculate", "arguments": {"expression": "2+3"}}'


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        (BODY, CALCULATE),
        (f"I add. {BODY} Done.", CALCULATE),
        (f"Look:\n```json\n{BODY}\n```\nDone.", CALCULATE),
        (f"<tool_call>\n{BODY}\n</tool_call>", CALCULATE),
        (f"<tool_call>{BODY}", CALCULATE),
        (f"[{BODY}, {BODY}]", CALCULATE * 2),
        (f"<tool_call>{BODY}</tool_call><tool_call>{BODY}</tool_call>", CALCULATE * 2),
        (f"<tool_call>{BODY}\n{BODY}</tool_call>", CALCULATE * 2),
        (f"<tool_call>{BODY}, {BODY}</tool_call>", CALCULATE * 2),
        (f"{BODY}\n{BODY}", CALCULATE * 2),
        ('{"name": "calculate", "arguments": "{\\"expression\\": \\"2+3\\"}"}', CALCULATE),
        ('{"name": "calculate", "parameters": {"expression": "2+3"}}', CALCULATE),
        (f'{{"id": "c1", "type": "function", "function": {BODY}}}', CALCULATE),
        ('{"name": "read_notes"}', [("read_notes", {})]),
        ('{"name": "read_notes", "arguments": null}', [("read_notes", {})]),
        ('{"name": "calculate", "arguments": {"expression": "a\nb"}}', [("calculate", {"expression": "a\nb"})]),
        (f'An example is {{"name": "calculate"}}. <tool_call>{BODY}</tool_call>', CALCULATE),
        (f'Given {{"x": 1}} I write\n```json\n{BODY}\n```', CALCULATE),
        (f'```json\n{{"x": 1}}\n```\n{BODY}', CALCULATE),
        ("the set {1, 2} and the list [3]", []),
        ("", []),
    ],
)
def test_json(text, calls):
    assert found(text, "json") == calls


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"name": "calc"}', ["no tool 'calc'", "did you mean 'calculate'?"]),
        ('{"name": "calculate"}', ["missing argument 'expression'"]),
        ('{"name": "calculate", "expression": "2"}', ["'expression' does not belong beside", '"arguments"']),
        ('{"name": "calculate", "arguments": ["2"]}', ['"arguments" must be a JSON object']),
        ('{"name": "calculate", "arguments": "2+3 is"}', ['the string in "arguments" is not JSON']),
        ('{"name": "calculate", "arguments": {"expression": 2}}', ["expected text, got 2"]),
        ('{"name": "calculate", "arguments": {expression: "2"}}', ["cannot be read", "line 1, column"]),
        ('{"name": "calculate", "arguments": {"expression": "2"}', ["not complete"]),
        ('{"name": "calculate", "arguments": {"expression": "2}}', ["not complete"]),
        ('{"name": "calculate", "name": "search"}', ["the key 'name' is given twice"]),
        ("<tool_call>2+3</tool_call>", ["expected a JSON object after <tool_call>"]),
        ("<tool_call>[1]</tool_call>", ["a call is a JSON object"]),
        ('{"expression": "2+3"}', ["a call is a JSON object"]),
        ('{"name": "search", "arguments": {"query": "q", "k": ' + "9" * 5_000 + "}}", ["more than 300 digits"]),
        ('{"name": "search", "arguments": {"query": "q", "near": 1e999}}', ["too large"]),
        ('{"name": "search", "arguments": {"query": "q", "near": NaN}}', ["NaN"]),
        ('{"name": "search", "arguments": ' + '{"a":' * 50_000, ["deeper than 32"]),
        ('{"name": "calculate", "arguments": {"expression": "\\ud800"}}', ["surrogate"]),
    ],
)
def test_what_is_wrong_with_json_is_said(text, words):
    message = complaint(text, "json")
    assert all(word in message for word in words), message


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<think>", "</think>"),
        ("<think>", ""),
        ("", "</think>"),
        ("<think> a <think> b </think>", "</think>"),
        ("", "<think> a </think> b </think>"),
        ("thoughts </think> more <think> and", ""),
    ],
)
def test_a_call_in_reasoning_is_not_read(before, after, protocol):
    call = encode_call("calculate", {"expression": "2+3"}, protocol)
    assert found(f"{before}{call}{after}", protocol) == []


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    "reasoning", ["<think> I call <calculate> </think>", 'I call <function=calculate> {"name": </think>']
)
def test_a_call_behind_reasoning_is_read(reasoning, protocol):
    call = encode_call("calculate", {"expression": "2+3"}, protocol)
    assert found(f"{reasoning}{call}", protocol) == CALCULATE
    assert found(f"{reasoning}{call}<think>...", protocol) == CALCULATE


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("before", ["", "<think>é</think> I call ", "a </think> b </think> <think>c</think>"])
def test_a_span_is_where_the_call_stands(before, protocol):
    call = encode_call("calculate", {"expression": "2+3"}, protocol)
    text = f"{before}{call} now"
    (parsed,) = parse_calls(text, TOOLS, protocol).calls
    assert text[slice(*parsed.span)] in call
    assert "2+3" in text[slice(*parsed.span)]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_native_calls_can_be_written_in_any_protocol(protocol):
    text = encode_calls(protocol, [("calculate", {"expression": "2+3"}), ("read_notes", {})])
    assert found(text, protocol) == [*CALCULATE, ("read_notes", {})]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_help_names_every_tool_and_parameter(protocol):
    text = describe_tools(TOOLS.values(), protocol, 3)
    for words in ("up to 3 calls", "Search the documents.", "K: whole number from 1 to 10, may be left out", "NEAR"):
        assert words in text
    assert all(PROTOCOLS[protocol].usage(tool) in text for tool in TOOLS.values())
    assert "one call in an answer" in describe_tools(TOOLS.values(), protocol)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_usage_is_itself_a_call(protocol):
    usage = PROTOCOLS[protocol].usage(TOOLS["calculate"])
    assert found(usage, protocol) == [("calculate", {"expression": "EXPRESSION"})]


def test_tools_may_be_given_in_any_order():
    assert parse_calls("<read_notes/>", list(TOOLS.values())).calls == parse_calls("<read_notes/>", TOOLS).calls
