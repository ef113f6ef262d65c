using System.Collections.Frozen;
using System.Text;
using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary>The methods of <c>str</c>, which return Markup for a Markup: the list of what exists.</summary>
internal static class StringMethods
{
    public static readonly FrozenDictionary<string, Method> All = new MethodTable("str")
        .NoArguments("capitalize", (context, self) => CaseMapping.Capitalize(context, Text(self)))
        .NoArguments("casefold", (context, self) => CaseMapping.Fold(context, Text(self)))
        .NoArguments("lower", (context, self) => CaseMapping.Lower(context, Text(self)))
        .NoArguments("upper", (context, self) => CaseMapping.Upper(context, Text(self)))
        .NoArguments("title", (context, self) => CaseMapping.Title(context, Text(self)))
        .NoArguments("swapcase", (context, self) => CaseMapping.SwapCase(context, Text(self)))
        .NoArguments("isalnum", (_, self) => Test(self, PythonCharacters.IsAlnum))
        .NoArguments("isalpha", (_, self) => Test(self, PythonCharacters.IsAlpha))
        .NoArguments("isascii", (_, self) => BoolValue.Of(Ascii.IsValid(Text(self).Text)))
        .NoArguments("isdecimal", (_, self) => Test(self, PythonCharacters.IsDecimal))
        .NoArguments("isdigit", (_, self) => Test(self, PythonCharacters.IsDigit))
        .NoArguments("isidentifier", (_, self) => BoolValue.Of(StringTests.IsIdentifier(Text(self).Text)))
        .NoArguments("islower", (_, self) => BoolValue.Of(StringTests.IsLower(Text(self).Text)))
        .NoArguments("isnumeric", (_, self) => Test(self, PythonCharacters.IsNumeric))
        .NoArguments("isprintable", (_, self) => BoolValue.Of(
            Text(self).Text.Length == 0 || PythonCharacters.All(Text(self).Text, StringRepr.IsPrintable)))
        .NoArguments("isspace", (_, self) => Test(self, codePoint => codePoint < 0x10000 && PythonCharacters.IsSpace((char)codePoint)))
        .NoArguments("istitle", (_, self) => BoolValue.Of(StringTests.IsTitle(Text(self).Text)))
        .NoArguments("isupper", (_, self) => BoolValue.Of(StringTests.IsUpper(Text(self).Text)))
        .Positional("strip", 0, 1, (RenderContext _, Value self, in Arguments a) => Strip("strip", self, a, true, true))
        .Positional("lstrip", 0, 1, (RenderContext _, Value self, in Arguments a) => Strip("lstrip", self, a, true, false))
        .Positional("rstrip", 0, 1, (RenderContext _, Value self, in Arguments a) => Strip("rstrip", self, a, false, true))
        .Positional("replace", 2, 3, Replace)
        .Positional("center", 1, 2, (RenderContext context, Value self, in Arguments a) => Pad(context, self, a, Alignment.Center))
        .Positional("ljust", 1, 2, (RenderContext context, Value self, in Arguments a) => Pad(context, self, a, Alignment.Left))
        .Positional("rjust", 1, 2, (RenderContext context, Value self, in Arguments a) => Pad(context, self, a, Alignment.Right))
        .One("zfill", (context, self, width) => StringTests.ZeroFill(context, Text(self), Convert.Index(width)))
        .One("join", (context, self, items) => StringSplitting.Join(context, Text(self), items))
        .One("partition", (_, self, separator) => StringSplitting.Partition(Text(self), separator, fromEnd: false))
        .One("rpartition", (_, self, separator) => StringSplitting.Partition(Text(self), separator, fromEnd: true))
        .One("removeprefix", (_, self, prefix) => StringSearch.RemovePrefix(Text(self), prefix))
        .One("removesuffix", (_, self, suffix) => StringSearch.RemoveSuffix(Text(self), suffix))
        .Parsed("find", 1, 3, (RenderContext _, Value self, in Arguments a) => IntValue.Of(StringSearch.Find(Text(self), a, last: false)))
        .Parsed("rfind", 1, 3, (RenderContext _, Value self, in Arguments a) => IntValue.Of(StringSearch.Find(Text(self), a, last: true)))
        .Parsed("index", 1, 3, (RenderContext _, Value self, in Arguments a) => StringSearch.Index(Text(self), a, last: false))
        .Parsed("rindex", 1, 3, (RenderContext _, Value self, in Arguments a) => StringSearch.Index(Text(self), a, last: true))
        .Parsed("count", 1, 3, (RenderContext _, Value self, in Arguments a) => StringSearch.Count(Text(self), a))
        .Parsed("startswith", 1, 3, (RenderContext _, Value self, in Arguments a) => StringSearch.Affix(Text(self), a, "startswith"))
        .Parsed("endswith", 1, 3, (RenderContext _, Value self, in Arguments a) => StringSearch.Affix(Text(self), a, "endswith"))
        .Named("split", ["sep", "maxsplit"], (context, self, a) => StringSplitting.Split(context, Text(self), a[0], a[1], fromEnd: false))
        .Named("rsplit", ["sep", "maxsplit"], (context, self, a) => StringSplitting.Split(context, Text(self), a[0], a[1], fromEnd: true))
        .Named("splitlines", ["keepends"], (context, self, a) =>
            StringSplitting.SplitLines(context, Text(self), a[0] is { } keep && Convert.CInt(keep) != 0))
        .Named("expandtabs", ["tabsize"], (context, self, a) => StringTests.ExpandTabs(context, Text(self), a[0] is { } size ? Convert.CInt(size) : 8))
        .Named("encode", ["encoding", "errors"], (_, self, a) => BytesValue.Encode(Text(self).Text, a[0], a[1]))
        .One("translate", (context, self, table) => StringTests.Translate(context, Text(self), table))
        .Add("format", StringFormat.Format)
        .Add("format_map", StringFormat.FormatMap)
        .Build();

    public static Value? Find(StringValue self, string name) =>
        (self.IsMarkup && MarkupMethods.All.TryGetValue(name, out var method)) || All.TryGetValue(name, out method)
            ? new BoundMethodValue(self, method)
            : null;

    private static StringValue Text(Value self) => (StringValue)self;

    private static BoolValue Test(Value self, Func<int, bool> test) => BoolValue.Of(PythonCharacters.All(Text(self).Text, test));

    private static StringValue Strip(string name, Value self, in Arguments arguments, bool left, bool right) => arguments.At(0) switch
    {
        null or NoneValue => StringOperations.Strip(Text(self), null, left, right),
        StringValue characters => StringOperations.Strip(Text(self), characters.Text, left, right),
        _ => throw PythonError.TypeError($"{name} arg must be None or str"),
    };

    private static Value Replace(RenderContext context, Value self, in Arguments arguments)
    {
        var value = Text(self);
        var replacement = value.IsMarkup ? StringOperations.Escape(context, arguments[1]) : arguments[1];
        for (var index = 0; index < 2; index++)
        {
            var argument = index == 0 ? arguments[0] : replacement;
            if (argument is not StringValue)
            {
                throw PythonError.TypeError($"replace() argument {index + 1} must be str, not {Convert.Named(argument)}");
            }
        }

        var count = arguments.At(2) is { } limit ? Convert.Index(limit) : -1;
        return StringOperations.Replace(context, value, (StringValue)arguments[0], (StringValue)replacement, count);
    }

    private enum Alignment
    {
        Left,
        Right,
        Center,
    }

    private static StringValue Pad(RenderContext context, Value self, in Arguments arguments, Alignment alignment)
    {
        var value = Text(self);
        var missing = Math.Max(0, Convert.Index(arguments[0]) - value.CodePoints);
        var fill = arguments.At(1) switch
        {
            null => new StringValue(" "),
            StringValue { CodePoints: 1 } text => value.IsMarkup ? StringOperations.Escape(context, text) : text,
            StringValue => throw PythonError.TypeError("The fill character must be exactly one character long"),
            var other => throw PythonError.TypeError($"The fill character must be a unicode character, not {other.TypeName}"),
        };
        if (fill.CodePoints != 1)
        {
            throw PythonError.TypeError("The fill character must be exactly one character long");
        }

        // CPython puts the odd space on the left only where the width is odd too.
        var left = alignment switch
        {
            Alignment.Left => 0,
            Alignment.Right => missing,
            _ => (missing / 2) + (missing & (missing + value.CodePoints) & 1),
        };
        return StringOperations.Pad(context, value, left, missing - left, fill);
    }
}
