using System.Diagnostics;
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
    };

    [Theory]
    [MemberData(nameof(TooDeep))]
    public void A_template_nested_a_hundred_thousand_deep_is_refused(string what, string template)
    {
        var watch = Stopwatch.StartNew();
        var error = Assert.Throws<TemplateException>(() => ChatTemplate.Parse(template));
        Assert.True(error.Type is "RecursionError", $"{what}: {error.Type} {error.Message}");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{what} took {watch.Elapsed}");
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
        var watch = Stopwatch.StartNew();
        var error = Assert.Throws<TemplateException>(() => ChatTemplate.Parse(new string('a', 50_000_000)));
        Assert.Equal("RenderLimitError", error.Type);
        Assert.Contains("ParseLimits.MaxSourceLength", error.Message, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("{{ 'a' 'b' }}")]
    [InlineData("{% if x %}{% set v = 1 %}{% endif %}\n")]
    [InlineData("{{ 'a'|center(900000) }}")]
    [InlineData("{# c #}  {{- 'x' -}}  ")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}")]
    public void A_long_template_is_prepared_in_reasonable_time(string part)
    {
        var watch = Stopwatch.StartNew();
        ChatTemplate.Parse(Repeat(part, 400_000 / part.Length));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"took {watch.Elapsed}");
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
    [InlineData("{{ x * 10 ** 12 }}")]
    [InlineData("{{ [x] * 10 ** 12 }}")]
    [InlineData("{{ x|center(10 ** 12) }}")]
    [InlineData("{{ '%1000000000d' % (i,) }}")]
    [InlineData("{{ '{:1000000000}'.format(i) }}")]
    [InlineData("{{ i ** (10 ** 9) }}")]
    [InlineData("{% for a in range(100000) %}{{ x * 10000 }}{% endfor %}")]
    [InlineData("{{ [i]|batch(10 ** 9, 0)|list }}")]
    [InlineData("{{ [i]|slice(10 ** 9)|list }}")]
    [InlineData("{{ x|indent(10 ** 9, true) }}")]
    [InlineData("{% set ns = namespace(t=(i,)) %}{% for a in range(99) %}{% set ns.t = (ns.t, ns.t) %}{% endfor %}{{ {ns.t: 1} }}")]
    [InlineData("{% set ns = namespace(t=[i], u=[i]) %}{% for a in range(99) %}{% set ns.t = [ns.t, ns.t] %}{% set ns.u = [ns.u, ns.u] %}{% endfor %}{{ ns.t == ns.u }}")]
    [InlineData("{% set ns = namespace(t=[i]) %}{% for a in range(99) %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}{{ ns.t }}")]
    [InlineData("{% set ns = namespace(t=[i]) %}{% for a in range(99) %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}{{ ns.t|tojson }}")]
    [InlineData("{% set a = x * 9000000 %}{% set b = x * 4000000 + 'b' + x * 4000000 %}{% for i in range(100000) %}{{ b in a }}{% endfor %}")]
    public void A_template_that_would_never_end_is_stopped(string template)
    {
        var watch = Stopwatch.StartNew();
        var options = new RenderOptions { MaxTime = TimeSpan.FromSeconds(2) };
        var (type, message, _) = Chat.Error(template, """{"x":"a","i":7}""", options);
        Assert.True(type is "RenderLimitError", $"{type}: {message}");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"took {watch.Elapsed}");
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
        var (type, _, line) = Chat.Error(template, """{"x":1}""");
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

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
