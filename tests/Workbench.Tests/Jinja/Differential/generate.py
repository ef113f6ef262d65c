"""Writes templates made at random from a grammar, and what Jinja2 in transformers' environment makes of them.

usage: generate.py ORACLE_FOLDER COUNT SEED [TEMPLATES] > rows.jsonl

The first line names the seed, the versions and the variables that every template is given; then one row a line:
{"template", "r": text, "s": generation spans} or {"template", "e": class, "m": message, "l": line}.  ORACLE_FOLDER holds
oracle.py; TEMPLATES is a file of further templates, a JSON string a line.  `./workbench bench differential COUNT SEED` runs this and compares; found.jsonl keeps the rows that once differed.
"""
import json
import random
import signal
import sys
import warnings

warnings.simplefilter("ignore")
sys.path.insert(0, sys.argv[1])
import jinja2
import oracle

count, seed = int(sys.argv[2]), int(sys.argv[3])
R = random.Random(seed)

VARIABLES = {
    "x": 3, "y": None, "flag": True, "big": 2 ** 70, "real": 2.5, "neg": -7, "empty": [], "nothing": {},
    "name": "Bob Smith", "text": "line one\nline two\r\n\n  indented \"q\" <t> & 'r'\n", "uni": "ΑΣ ß ǆ İ ﬁ 한 😀\u0301",
    "lst": ["b", "A", "c"], "nums": [3, 1.5, -2, 0, True], "mixed": [1, "1", None, [2]], "pairs": [["a", 1], ["b", 2]],
    "d": {"b": 1, "A": "x", "c": None}, "recs": [{"a": 1, "b": "z"}, {"a": 2}, {"b": "q", "a": "1"}],
    "tree": [{"v": 1, "kids": [{"v": 2, "kids": []}, {"v": 3, "kids": [{"v": 4, "kids": []}]}]}],
    "turns": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
              {"role": "assistant", "content": None, "tool_calls": [{"function": {"name": "f", "arguments": {"é": [1.0, None]}}}]},
              {"role": "tool", "content": "42"}, {"role": "assistant", "content": "<think>\nso\n</think>\n\nYes."}],
}
NAMES = [*VARIABLES, "missing", "loop", "range", "namespace", "caller", "v", "ns"]
STRINGS = ["'a'", "'abc'", "''", "' x '", "'a,b,,c'", "\"it's\"", "'%s'", "'{}'", "'%d %s'", "'%5.1f|%-4s|%x'", "'{:>6}|{!r}|{0}'", "'{:,}'",
           "'é😀z'", "'\\n'", "'A-b c'", "'<b>&'", "'12'", "' -3.5 '", "'0x1f'", "'a\\tb'", "'%(a)s'", "'{a[b]}'", "'role'", "'1e5'", "'b'"]
NUMBERS = ["0", "1", "2", "-1", "3", "10", "1.5", "2.0", "0.1", "1e16", "1e-7", "2**64", "0x1F", "0b11", "1_000", "100"]
CONTAINERS = ["[]", "{}", "()", "[1, 2]", "['a', 'b']", "{'a': 1}", "(1, 'x')", "[[1, 2], [3, 4]]", "{'b': 2, 'a': [1]}", "{1: 'q', none: 2}"]
METHODS = """upper lower strip lstrip rstrip title capitalize split rsplit splitlines replace startswith endswith find rfind index rindex count
join format zfill center ljust rjust isdigit isalpha isalnum isupper islower isspace istitle isidentifier isnumeric isdecimal isprintable isascii
partition rpartition swapcase casefold expandtabs removeprefix removesuffix translate format_map items keys values get copy append pop
update index bit_length is_integer as_integer_ratio conjugate hex nosuch __class__ next current reset cycle""".split()
FILTERS = """abs attr batch capitalize center count d default dictsort e escape filesizeformat first float forceescape format groupby indent int
items join last length list lower map max min pprint reject rejectattr replace reverse round safe select selectattr slice sort string striptags
sum title tojson trim truncate unique upper urlencode urlize wordcount wordwrap xmlattr""".split()
TESTS = """odd even divisibleby defined undefined none boolean false true integer float lower upper string mapping number sequence iterable callable
sameas escaped in eq ne gt ge lt le equalto lessthan greaterthan filter test ==""".split()
TESTS_OF_TWO = {"divisibleby", "sameas", "in", "eq", "ne", "gt", "ge", "lt", "le", "equalto", "lessthan", "greaterthan", "=="}
KEYWORDS = """attribute default width first indent case_sensitive reverse by boolean sep maxsplit precision method length killwords end leeway
keepends count old new default_value blank linecount fill_with binary start ensure_ascii sort_keys separators d chars nofollow base""".split()
USUAL = [
    "recs|map(attribute='a')|list", "recs|selectattr('b')|list", "recs|selectattr('a', 'eq', 1)|list", "nums|select('gt', 0)|list", "nums|sum",
    "recs|groupby('a', default='q')|list", "lst|map('center', 4)|list", "recs|rejectattr('b', 'defined')|list", "nums|sort(reverse=true)",
    "recs|sort(attribute='b')", "recs|sort(attribute='a,b')", "lst|unique|list", "lst|unique(case_sensitive=true)|list", "lst|batch(2, '-')|list",
    "recs|map(attribute='b', default='D')|join('-')", "nums|slice(2, 'f')|list", "d|dictsort", "d|dictsort(false, 'value')", "d|xmlattr",
    "text|indent(2, true)", "text|indent('> ', first=true, blank=true)", "text|wordwrap(5)", "text|wordwrap(9, false)", "text|truncate(9)",
    "text|truncate(9, true, '', 0)", "text|splitlines", "recs|sum(attribute='a')", "lst|max(case_sensitive=true)", "nums|min", "text|urlize(8)",
    "uni|title", "uni.title()", "uni.swapcase()", "uni.capitalize()", "uni|tojson(ensure_ascii=true)", "d|tojson(indent=1)",
    "turns|tojson", "turns|tojson(indent=2, sort_keys=true)", "d|tojson(separators=(',', ':'))", "nums|map('round', 1)|list", "turns|pprint",
    "real|round(1, 'floor')", "lst|join(d='|')", "range(x)|list", "range(9, 0, -2)|list", "'%s-%r'|format(name, lst)", "name.partition(' ')",
    "'{:>{}}|{a[b]}'.format(1, 5, a={'b': 2})", "'%05.1f|%-4d|%x'|format(2.25, 3, 255)", "text.split('\\n')", "turns|map(attribute='role')|list",
    "turns[-1].content.split('</think>')[-1].lstrip('\\n')", "turns|selectattr('role', 'in', ['user', 'tool'])|map(attribute='content')|list",
    "dict(d, e=1)", "dict(pairs)", "namespace(d)", "cycler('a', 'b').next()", "joiner('-')()", "lipsum(n=0)", "(d.items()|list)[0]",
    "tree|map(attribute='kids.0.v')|list", "recs|map(attribute='a')|map('string')|join", "'{:010.3f}|{:+,d}|{:#x}|{:e}'.format(real, big, neg, x)",
]


def literal():
    return R.choice(R.choices([STRINGS, NUMBERS, CONTAINERS, ["true", "false", "none"]], [4, 3, 2, 1])[0])


def arguments(depth, most=3):
    given = [expression(depth) for _ in range(R.choice([0, 1, 1, 1, 2, most]))]
    if R.random() < .15:
        given.append(R.choice(KEYWORDS) + "=" + expression(depth))
    if R.random() < .03:
        given.append(R.choice(["*lst", "**d", "*nums, **{'a': 1}"]))
    return ", ".join(given)


def expression(depth):
    if depth <= 0:
        return R.choice([literal, lambda: R.choice(NAMES)])()
    inner = lambda: expression(depth - 1)
    kind = R.choices(range(16), [8, 10, 10, 5, 6, 6, 15, 6, 10, 6, 4, 3, 4, 3, 2, 9])[0]
    if kind == 0: return literal()
    if kind == 1: return R.choice(NAMES)
    if kind == 2: return "(" + inner() + ")." + R.choice(METHODS) + "(" + arguments(depth - 1) + ")"
    if kind == 3: return R.choice(NAMES) + "." + R.choice(["a", "b", "role", "content", "kids", "upper", "items", "real", "0", "_p", "__class__", "count", "index", "name"])
    if kind == 4: return "(" + inner() + ")[" + R.choice([inner, literal])() + "]"
    if kind == 5: return "(" + inner() + ")[" + R.choice(["", "0", "1", "-2", "none"]) + ":" + R.choice(["", "2", "-1", "x"]) + R.choice(["", ":", ":-1", ":2", ":0"]) + "]"
    if kind == 6: return "(" + inner() + ")|" + R.choice(FILTERS) + ("(" + arguments(depth - 1) + ")" if R.random() < .6 else "")
    if kind == 7:
        test = R.choice(TESTS)
        return "(" + inner() + ") is " + R.choice(["", "not "]) + test + ("(" + inner() + ")" if test in TESTS_OF_TWO or R.random() < .1 else "")
    if kind == 8: return "(" + inner() + " " + R.choice(["+", "-", "*", "/", "//", "%", "**", "+", "~", "~"]) + " " + inner() + ")"
    if kind == 9: return "(" + inner() + " " + R.choice(["==", "!=", "<", ">", "<=", ">=", "in", "not in"]) + " " + inner() + ")"
    if kind == 10: return "(" + inner() + " " + R.choice(["and", "or"]) + " " + inner() + ")"
    if kind == 11: return R.choice(["not ", "-", "+"]) + "(" + inner() + ")"
    if kind == 12: return "(" + inner() + " if " + inner() + R.choice([" else " + inner(), ""]) + ")"
    if kind == 13: return "[" + ", ".join(inner() for _ in range(R.randint(0, 3))) + "]"
    if kind == 14: return "{" + ", ".join(R.choice(["'k'", "'a'", "1", inner()]) + ": " + inner() for _ in range(R.randint(0, 2))) + "}"
    return R.choice(USUAL) + R.choice(["", "", "|" + R.choice(FILTERS)])


def mark():
    return R.choice(["", "", "", "-", "+"])


def plain():
    return R.choice(["", "a", "\n", " ", "  ", "\n  ", "x\n", "\t", "{", "}", "%", "\n\n", "é", "<s>", "it's", "\r\n"])


def tag(content):
    return "{%" + mark() + " " + content + " " + mark() + "%}"


def printed(depth):
    return "{{" + R.choice(["", "", "-", "+"]) + " " + expression(depth) + " " + R.choice(["", "", "-"]) + "}}"


def body(depth, most=3):
    return "".join(statement(depth) for _ in range(R.randint(1, most)))


def loop(depth):
    target = R.choice(["v", "w", "v", "v, w", "x", "v, (w, x)"])
    items = R.choice(["[1, 2, 3]", "lst", "recs", "turns", "d.items()", "'abc'", "range(3)", "nums|select('gt', 0)", "pairs", "tree", "d|items", "lst|map('upper')", expression(2)])
    head = tag("for " + target + " in " + items + R.choice(["", "", "", " if v", " if loop is defined", " if " + expression(1)]) + R.choice(["", "", "", " recursive"]))
    told = R.choice(["", "{{ loop.index }}", "{{ loop.last }}{{ loop.nextitem }}", "{{ loop.length }}{{ loop.revindex0 }}", "{{ loop.cycle('a', 'b') }}", "{{ loop.previtem }}",
                     "{{ loop.changed(v) }}", "{{ loop(v.kids) if v.kids }}", "{{ loop(v) if v is iterable and v is not string and loop.depth < 3 }}", "{{ loop }}"])
    jump = R.choice(["", "", tag("if " + expression(1)) + tag(R.choice(["break", "continue"])) + tag("endif")])
    return head + told + body(depth) + jump + R.choice(["", tag("else") + body(depth)]) + tag("endfor")


def assignment():
    name = R.choice(["v", "w", "x", "name", "ns"])
    return tag("set " + R.choice([name + " = " + expression(2), name + ", w = " + R.choice(["1, 2", "pairs[0]", expression(2)]), "ns = namespace(a=1)", "ns.a = " + expression(2),
                                  "ns.b = ns.a", "ns.a, v = 1, 2"]))


def statement(depth):
    if depth <= 0:
        return R.choice([plain, lambda: printed(1), lambda: printed(2)])()
    inner = lambda: body(depth - 1)
    kind = R.choices(range(15), [50, 24, 30, 20, 8, 16, 16, 8, 6, 6, 6, 4, 4, 3, 1])[0]
    if kind == 0: return plain() + printed(R.randint(0, 3)) + plain()
    if kind == 1: return tag("if " + expression(2)) + inner() + R.choice(["", tag("elif " + expression(1)) + inner()]) + R.choice(["", tag("else") + inner()]) + tag("endif")
    if kind == 2: return loop(depth - 1)
    if kind == 3: return assignment()
    if kind == 4: return tag("set " + R.choice(["v", "name", "ns.a"]) + R.choice(["", " | upper", "|trim|title"])) + inner() + tag("endset")
    if kind == 5:
        told = R.choice(["", "{{ a }}{{ b }}", "{{ varargs }}{{ kwargs }}", "{{ caller() if caller }}", "{{ caller(1) }}", "{{ name }}{{ v }}"])
        return tag("macro " + R.choice(["f", "g"]) + "(" + R.choice(["", "a", "a, b=1", "a, b=a", "a=x, b='q'", "caller=none"]) + ")") + told + inner() + tag("endmacro")
    if kind == 6: return "{{ " + R.choice(["f", "g"]) + "(" + arguments(1) + ")" + R.choice(["", "|upper", ".strip()", ".name"]) + " }}"
    if kind == 7: return tag("call" + R.choice(["", "(q)", "(q=1)"]) + " " + R.choice(["f", "g"]) + "(" + arguments(1) + ")") + inner() + tag("endcall")
    if kind == 8: return tag("filter " + R.choice(["upper", "trim", "replace('a', 'b')", "indent(2)", "title|trim", "length|string", "tojson", "nosuch", "wordcount|string"])) + inner() + tag("endfilter")
    if kind == 9: return tag("with " + R.choice(["v=1", "v=x, w=v", "", "v=" + expression(2), "v, w=1, 2"])) + inner() + tag("endwith")
    if kind == 10: return tag("generation") + inner() + tag("endgeneration")
    if kind == 11: return tag("raw") + R.choice(["{{ x }}", "{% y %}", " z "]) + tag("endraw")
    if kind == 12: return "{#" + mark() + " c " + R.choice(["\n", ""]) + mark() + "#}"
    if kind == 13: return tag("autoescape " + R.choice(["true", "false"])) + inner() + tag("endautoescape")
    return R.choice([
        tag("block b" + str(R.randint(0, 9999)) + R.choice(["", " scoped", " required"])) + inner() + tag("endblock"), tag("break"), tag("continue"),
        tag("include 'a'" + R.choice(["", " ignore missing"])), tag("import 'a' as v"), tag("from 'a' import v, w as x"), tag("extends 'a'"),
        tag("do x"), tag("debug"), tag("trans"), "{{ " + expression(1), tag("if x")])


def damaged(template):
    characters = list(template)
    for _ in range(R.randint(1, 2)):
        at = R.randrange(len(characters) + 1)
        if R.random() < .5:
            characters[at:at + 1] = []
        else:
            characters.insert(at, R.choice("{}%()[]'\"|.,:-+~ \n#=<>!ab1_\\"))
    return "".join(characters)


def template():
    kind = R.random()
    if kind < .35:
        return "\n" * R.randint(0, 2) + "{{ " + expression(R.randint(1, 4)) + " }}"
    made = body(R.randint(1, 4))
    return damaged(made) if kind > .95 else made


class TooLong(BaseException):
    pass


def stop(*_):
    raise TooLong


def outcome(text):
    """None where it took too long, or where the oracle's own limits differ from any engine's."""
    signal.alarm(3)
    try:
        result = oracle.run_case({"template_text": text, "messages": [], "kwargs": {**json.loads(json.dumps(VARIABLES)), "return_assistant_tokens_mask": True}})
    except (TooLong, MemoryError, RecursionError):
        return None
    finally:
        signal.alarm(0)
    error = result["error"]
    if error is None:
        return {"r": result["rendered"], "s": result["generation_spans"]}
    if error["type"] in ("TooLong", "MemoryError") or "markupsafe._speedups" in error["message"]:
        return None
    return {"e": error["type"], "m": error["message"], "l": error["lineno"]}


signal.signal(signal.SIGALRM, stop)
print(json.dumps({"seed": seed, "jinja2": jinja2.__version__, "python": sys.version.split()[0], "variables": VARIABLES}, ensure_ascii=False))


def templates():
    if len(sys.argv) > 4:
        with open(sys.argv[4], encoding="utf-8") as file:
            yield from map(json.loads, file)
    for _ in range(count):
        yield template()


for text in templates():
    result = outcome(text)
    if result is not None:
        print(json.dumps({"template": text, **result}))
