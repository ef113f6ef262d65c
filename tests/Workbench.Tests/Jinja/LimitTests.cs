using Workbench.Language.Chat.Templates;

namespace Workbench.Tests.Jinja;

/// <summary>Templates made to exhaust stack, memory or patience end with an error that says what was exceeded.</summary>
public class LimitTests
{
    private const int Many = 100_000;

    public static TheoryData<string, string> TooDeep => new()
    {
        { "parentheses", "{{ " + new string('(', Many) + "1" + new string(')', Many) + " }}" },
        { "brackets", "{{ " + new string('[', Many) + new string(']', Many) + " }}" },
        { "open brackets", "{{ " + new string('[', Many) },
        { "braces", "{{ " + Repeat("{1:", Many) },
        { "minus signs", "{{ " + new string('-', Many) + "1 }}" },
        { "not", "{{ " + Repeat("not ", Many) + "1 }}" },
        { "sum", "{{ x" + Repeat("+x", Many) + " }}" },
        { "attributes", "{{ x" + Repeat(".a", Many) + " }}" },
        { "filters", "{{ x" + Repeat("|upper", Many) + " }}" },
        { "calls", "{{ x" + Repeat("()", Many) + " }}" },
        { "conditions", "{{ 1" + Repeat(" if x else 1", 80_000) + " }}" },
        { "or", "{{ x" + Repeat(" or x", Many) + " }}" },
        { "ifs", Repeat("{% if x %}", Many) },
        { "loops", Repeat("{% for a in b %}", 60_000) },
        { "macros", Repeat("{% macro m() %}", 60_000) },
        { "subscripts", "{{ " + Repeat("x[", Many) },
        { "arguments", "{{ " + Repeat("f(", Many) },
        { "powers", "{{ x" + Repeat("**x", Many) + " }}" },
        { "tests", "{{ x" + Repeat(" is in x", Many) + " }}" },
        { "set blocks", Repeat("{% set a %}", 80_000) },
        { "call blocks", Repeat("{% call f() %}", 60_000) },
        { "filter blocks", Repeat("{% filter upper %}", 50_000) },
        { "targets", "{% set " + new string('(', Many) + "a" + new string(')', Many) + " = x %}" },
    };

    [Theory]
    [MemberData(nameof(TooDeep))]
    public void A_template_nested_a_hundred_thousand_deep_is_refused(string what, string template)
    {
        var error = Assert.Throws<TemplateException>(() => ChatTemplate.Parse(template));
        Assert.True(error.Type is "RecursionError", $"{what}: {error.Type} {error.Message}");
    }

    /// <summary>What Jinja2 reads in a loop may be as long as it likes.</summary>
    public static TheoryData<string, string> Long => new()
    {
        { "{{ x" + Repeat("~x", Many) + " }}", new string('a', Many + 1) },
        { "{{ x" + Repeat(" == x", Many) + " }}", "True" },
        { "{% if not x %}" + Repeat("{% elif not x %}", 50_000) + "{% else %}end{% endif %}", "end" },
        { "{{ [" + Repeat("1,", Many) + "]|length }}", "100000" },
        { "{{ '" + new string('a', 900_000) + "'|length }}", "900000" },
        { Repeat("{{ 1 }}", Many), new string('1', Many) },
    };

    [Theory]
    [MemberData(nameof(Long))]
    public void A_chain_that_Jinja2_reads_in_a_loop_may_be_a_hundred_thousand_long(string template, string expected) =>
        Assert.Equal(expected, Chat.Render(template, """{"x":"a"}"""));

    [Fact]
    public void On_a_small_stack_what_is_nested_too_deep_for_it_is_refused()
    {
        // 900 brackets are within the frames that are counted here, but not within the stack of this thread.
        var template = "{{ " + new string('[', 900) + new string(']', 900) + " }}";
        Exception? error = null;
        var thread = new Thread(() => error = Record.Exception(() => ChatTemplate.Parse(template, new ParseLimits { MaxNesting = 100_000 })), 192 * 1024);
        thread.Start();
        thread.Join();
        Assert.Equal("RecursionError", Assert.IsType<TemplateException>(error).Type);
    }

    [Fact]
    public void Data_nested_deeper_than_Python_can_follow_is_its_recursion_error()
    {
        static string Nested(int depth) => $$"""{"d":{{new string('[', depth)}}{{new string(']', depth)}}}""";
        Assert.Equal(new string('[', 500) + new string(']', 500), Chat.Render("{{ d }}", Nested(500)));
        foreach (var template in new[] { "{{ d }}", "{{ d|tojson }}", "{{ d|pprint }}", "{{ d == d + [] }}", "{{ d|string|length }}" })
        {
            var outcome = Outcome.Of(template, Chat.Variables(Nested(990)));
            Assert.True(outcome.Error is null or { Type: "RecursionError" }, outcome.ToString());
        }
    }

    [Theory]
    [InlineData("{% if true %}", "{% endif %}", 99, "IndentationError")]
    [InlineData("{% for x in [1] %}", "{% endfor %}", 21, "SyntaxError")]
    public void Blocks_nest_as_deep_as_the_Python_that_Jinja2_generates_may(string open, string close, int depth, string type)
    {
        var template = Repeat(open, depth - 1) + "x" + Repeat(close, depth - 1);
        Assert.Equal("x", Chat.Render(template));
        Assert.Equal(type, Chat.Error(open + template + close).Type);
    }

    [Fact]
    public void A_template_of_fifty_megabytes_is_refused_at_once()
    {
        var error = Assert.Throws<TemplateException>(() => ChatTemplate.Parse(new string('a', 50_000_000)));
        Assert.Equal("RenderLimitError", error.Type);
        Assert.Contains("ParseLimits.MaxSourceLength", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_variables_in_many_branches_are_refused_before_they_take_minutes()
    {
        var template = string.Concat(Enumerable.Range(0, 15_000).Select(n => $"{{% if x %}}{{% set v{n} = 1 %}}{{% endif %}}"));
        Assert.Equal("RenderLimitError", Assert.Throws<TemplateException>(() => ChatTemplate.Parse(template)).Type);
    }

    [Theory]
    [InlineData("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}")]
    [InlineData("{% set ns = namespace(s='x') %}{% for a in range(1000) %}{% set ns.s = ns.s + ns.s %}{% endfor %}")]
    [InlineData("{% set ns = namespace(l=[0]) %}{% for a in range(1000) %}{% set ns.l = ns.l + ns.l %}{% endfor %}")]
    [InlineData("{% set ns = namespace(l=[]) %}{% for a in range(100000) %}{% set ns.l = ns.l + [x * 1000000] %}{% endfor %}")]
    [InlineData("{% set ns = namespace(l=[]) %}{% for a in range(100000) %}{% set ns.l = [ns.l, [i] * 10000] %}{% endfor %}")]
    [InlineData("{{ 'x' * 10 ** 9 }}")]
    [InlineData("{{ x * 10 ** 12 }}")]
    [InlineData("{{ [0] * 10 ** 9 }}")]
    [InlineData("{{ [x] * 10 ** 12 }}")]
    [InlineData("{{ 2 ** (10 ** 9) }}")]
    [InlineData("{{ i ** (10 ** 9) }}")]
    [InlineData("{{ '%0999999999d' % 1 }}")]
    [InlineData("{{ '%1000000000d' % (i,) }}")]
    [InlineData("{{ '%*d' % (10 ** 9, i) }}")]
    [InlineData("{{ '{:>999999999}'.format(x) }}")]
    [InlineData("{{ '{:099999999,}'.format(i) }}")]
    [InlineData("{{ '{:{}}'.format(x, 10 ** 9) }}")]
    [InlineData("{{ x|center(10 ** 12) }}")]
    [InlineData("{{ x.ljust(10 ** 9) }}")]
    [InlineData("{{ x.zfill(10 ** 9) }}")]
    [InlineData("{{ ('\\t' * 1000).expandtabs(10 ** 7) }}")]
    [InlineData("{{ (x * 10 ** 6).replace('', x * 10 ** 6) }}")]
    [InlineData("{{ (x * 10 ** 6)|replace('a', x * 10 ** 6) }}")]
    [InlineData("{{ (x * 10 ** 6).join(x * 10 ** 6) }}")]
    [InlineData("{{ (x * 10 ** 5)|list|join(x * 10 ** 6) }}")]
    [InlineData("{{ (x * 10 ** 6).translate({97: x * 10 ** 6}) }}")]
    [InlineData("{{ x|indent(10 ** 9, true) }}")]
    [InlineData("{{ ('\\n' * 10 ** 6)|indent(10 ** 6) }}")]
    [InlineData("{{ [i]|batch(10 ** 9, 0)|list }}")]
    [InlineData("{{ [i]|slice(10 ** 9)|list }}")]
    [InlineData("{{ [[1]]|tojson(indent=10 ** 9) }}")]
    [InlineData("{{ [[1]]|tojson(indent=x * 10 ** 7) }}")]
    [InlineData("{{ lipsum(n=10 ** 9) }}")]
    [InlineData("{{ strftime_now('%Y' * 10 ** 7) }}")]
    [InlineData("{{ ('-' * 900000)|wordwrap(3) }}")]
    [InlineData("{{ ('http://a.b ' * 800000)|urlize }}")]
    [InlineData("{{ range(100000)|map('center', 10000)|join }}")]
    [InlineData("{{ ([x * 10 ** 6] * 10 ** 5)|unique|list }}")]
    [InlineData("{% for a in range(100000) %}{{ x * 10000 }}{% endfor %}")]
    [InlineData("{% for a in range(100000) %}{{ [i] * 30000 == [i] * 30000 }}{% endfor %}")]
    [InlineData("{% set v = x * 1000000 %}{% for a in range(100000) %}{{ v is lower }}{% endfor %}")]
    [InlineData("{% set v = x * 1000000 %}{% for a in range(100000) %}{{ v.isalpha() }}{{ v.find('b') }}{% endfor %}")]
    [InlineData("{% set v = x * 1000000 %}{% for a in range(100000) %}{% set w = v[1:] %}{% endfor %}")]
    [InlineData("{% set v = x * 1000000 %}{% set w = v + '' %}{% for a in range(100000) %}{{ v == w }}{% endfor %}")]
    [InlineData("{% set v = x * 1000000 %}{% set w = v + '' %}{% for a in range(100000) %}{{ v < w }}{% endfor %}")]
    [InlineData("{% set a = x * 900000 %}{% set b = x * 400000 + 'b' + x * 400000 %}{% for i in range(100000) %}{{ b in a }}{% endfor %}")]
    [InlineData("{% set v = i ** 300000 %}{% for a in range(100000) %}{% set w = (v * i) // v %}{% endfor %}")]
    [InlineData("{% set v = '1' * 4000 %}{% for a in range(100000) %}{{ (v|int) ** 2 > 1 }}{% endfor %}")]
    [InlineData("{% macro f(n) %}{% if n < 60 %}{{ f(n + 1) }}{{ f(n + 1) }}{% endif %}{% endmacro %}{{ f(0) }}")]
    [InlineData("{% for a in [1, 2] recursive %}{{ loop([1, 2]) if loop.depth < 60 }}{% endfor %}")]
    [InlineData("{% set ns = namespace(t=(i,)) %}{% for a in range(99) %}{% set ns.t = (ns.t, ns.t) %}{% endfor %}{{ {ns.t: 1} }}")]
    [InlineData("{% set ns = namespace(t=[i], u=[i]) %}{% for a in range(99) %}{% set ns.t = [ns.t, ns.t] %}{% set ns.u = [ns.u, ns.u] %}{% endfor %}{{ ns.t == ns.u }}")]
    [InlineData("{% set ns = namespace(t=[i]) %}{% for a in range(99) %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}{{ ns.t }}")]
    [InlineData("{% set ns = namespace(t=[i]) %}{% for a in range(99) %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}{{ ns.t|tojson }}")]
    [InlineData("{% set ns = namespace(s='\"') %}{% for a in range(99) %}{% set ns.s = ns.s|tojson %}{% endfor %}")]
    [InlineData("{% set ns = namespace(s='<') %}{% for a in range(99999) %}{% set ns.s = ns.s|forceescape %}{% endfor %}")]
    public void A_template_that_would_take_all_time_or_memory_is_stopped_by_what_it_did(string template)
    {
        // Without a limit on time: what stops it is counted, and the same on every machine.
        var options = new RenderOptions { MaxSteps = 2_000_000, MaxMemory = 128 << 20, MaxOutputLength = 4_000_000, MaxTime = Timeout.InfiniteTimeSpan };
        foreach (var mapped in new[] { false, true })
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var (type, message, _) = Chat.Error(template, """{"x":"a","i":7}""", options with { SourceMap = mapped });
            Assert.True(type is "RenderLimitError", $"{type}: {message}");
            Assert.Contains("RenderOptions.Max", message, StringComparison.Ordinal);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * options.MaxMemory);
        }
    }

    [Theory]
    [InlineData("{% macro f(n) %}{{ f(n + 1) }}{% endmacro %}{{ f(0) }}")]
    [InlineData("{% for a in [x] recursive %}{{ loop([a]) }}{% endfor %}")]
    [InlineData("{% set ns = namespace(l=[]) %}{% for a in range(90000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}")]
    [InlineData("{% set ns = namespace(l=[], m=[]) %}{% for a in range(90000) %}{% set ns.l = [ns.l] %}{% set ns.m = [ns.m] %}{% endfor %}{{ ns.l == ns.m }}")]
    [InlineData("{% set ns = namespace(l=()) %}{% for a in range(90000) %}{% set ns.l = (ns.l,) %}{% endfor %}{{ {ns.l: 1}|length }}")]
    [InlineData("{% set ns = namespace(l=[]) %}{% for a in range(90000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l|tojson }}")]
    [InlineData("{% set ns = namespace(l=[]) %}{% for a in range(90000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l|pprint }}")]
    [InlineData("{% set ns = namespace(l=['a']) %}{% for a in range(90000) %}{% set ns.l = ns.l|map('upper') %}{% endfor %}{{ ns.l|list }}")]
    [InlineData("{% set ns = namespace() %}{% set ns.me = ns %}{{ ns }}")]
    public void Endless_recursion_is_Pythons_recursion_error(string template)
    {
        var (type, line) = ("", (int?)0);
        // What recurses over data ends where the stack does, so the test sets its size.
        var thread = new Thread(() => (type, _, line) = Chat.Error(template, """{"x":1}"""), 512 * 1024);
        thread.Start();
        thread.Join();
        Assert.Equal(("RecursionError", null), (type, line));
    }

    [Fact]
    public void A_recursive_macro_may_go_as_deep_as_under_Python()
    {
        // 190 calls fit into Python's 1000 frames, 200 do not: measured with the oracle.
        const string template = "{% macro f(n) %}{% if n > 0 %}{{ f(n - 1) }}{% endif %}x{% endmacro %}{{ f(depth)|length }}";
        Assert.Equal("191", Chat.Render(template, """{"depth":190}"""));
        Assert.Equal("RecursionError", Chat.Error(template, """{"depth":200}""").Type);
    }

    [Fact]
    public void Each_limit_is_a_setting_that_its_error_names()
    {
        const string loop = "{% for a in range(1000) %}abcdefghij{% endfor %}";
        Assert.Contains("RenderOptions.MaxSteps", Chat.Error(loop, "{}", new RenderOptions { MaxSteps = 500 }).Message, StringComparison.Ordinal);
        Assert.Contains("RenderOptions.MaxOutputLength", Chat.Error(loop, "{}", new RenderOptions { MaxOutputLength = 9000 }).Message, StringComparison.Ordinal);
        Assert.Contains("RenderOptions.MaxMemory", Chat.Error("{% for a in range(1000) %}{{ x|list|length }}{% endfor %}", """{"x":"aaaaaaaaaaaaaaaaaaaa"}""", new RenderOptions { MaxMemory = 50_000 }).Message, StringComparison.Ordinal);
        Assert.Contains("RenderOptions.MaxIntegerBits", Chat.Error("{{ 2 ** x }}", """{"x":101}""", new RenderOptions { MaxIntegerBits = 100 }).Message, StringComparison.Ordinal);
        Assert.Contains("RenderOptions.MaxTime", Chat.Error(loop, "{}", new RenderOptions { MaxTime = TimeSpan.FromTicks(-1) }).Message, StringComparison.Ordinal);
        Assert.Contains("MAX_RANGE (10)", Chat.Error(loop, "{}", new RenderOptions { MaxRange = 10 }).Message, StringComparison.Ordinal);
        Assert.Equal("RecursionError", Chat.Error("{% macro f() %}x{% endmacro %}{{ f() }}", "{}", new RenderOptions { MaxRecursion = 10 }).Type);
        Assert.Equal(10_000, Chat.Render(loop).Length);
    }

    [Fact]
    public void A_cancelled_rendering_stops()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        var template = ChatTemplate.Parse("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}");
        var options = new RenderOptions { MaxSteps = long.MaxValue, MaxTime = TimeSpan.FromMinutes(1) };
        Assert.Throws<OperationCanceledException>(() => template.Render(Chat.Variables("{}"), options, source.Token));
    }

    [Theory]
    [InlineData("{{ (x * 9000000)|urlize }}")]
    [InlineData("{{ (x * 9000000)|wordwrap(3) }}")]
    [InlineData("{{ (x * 3000000)|list|sort|unique|map('upper')|batch(3)|map('join')|list|tojson }}")]
    [InlineData("{{ ([[[x]]] * 3000000)|pprint }}")]
    [InlineData("{{ ([x * 1000000] * 3000000)|max }}")]
    [InlineData("{{ range(100000)|map('string')|groupby('0')|map('last')|map('length')|list|sum * ([1] * 9000000)|sum }}{{ ([1] * 9000000)|groupby('real') }}")]
    public void A_long_filter_stops_where_the_rendering_is_cancelled(string template)
    {
        var parsed = ChatTemplate.Parse(template);
        var options = new RenderOptions { MaxSteps = long.MaxValue, MaxMemory = long.MaxValue, MaxOutputLength = int.MaxValue };
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        Assert.Throws<OperationCanceledException>(() => parsed.Render(Chat.Variables("""{"x":"a b "}"""), options, source.Token));
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
