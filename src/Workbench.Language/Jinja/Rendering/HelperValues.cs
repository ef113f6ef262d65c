using Workbench.Language.Jinja.Filters;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering;

/// <summary><c>cycler(…)</c>: gives its items in turn.</summary>
internal sealed class CyclerValue : Value
{
    private static readonly Method Next = new("Cycler", "next", (RenderContext _, Value self, in Arguments _) => ((CyclerValue)self).Advance());

    private static readonly Method Reset = new("Cycler", "reset", (RenderContext _, Value self, in Arguments _) =>
    {
        ((CyclerValue)self).position = 0;
        return NoneValue.Instance;
    });

    private readonly Value[] items;
    private int position;

    private CyclerValue(Value[] items) => this.items = items;

    public override string TypeName => "Cycler";

    public override string Description => "jinja2.utils.Cycler object";

    public static CyclerValue Create(in Arguments arguments)
    {
        if (arguments.Named.Length > 0)
        {
            throw PythonError.TypeError($"Cycler.__init__() got an unexpected keyword argument '{arguments.Named[0].Key}'");
        }

        return arguments.Count > 0
            ? new CyclerValue(arguments.Positional)
            : throw new PythonError("RuntimeError", "at least one item has to be provided");
    }

    public override void WriteRepr(TextBuilder text) => text.Append("<jinja2.utils.Cycler object at 0x7f0000000000>");

    public override Value? Attribute(RenderContext context, string name) => name switch
    {
        "next" => new BoundMethodValue(this, Next),
        "reset" => new BoundMethodValue(this, Reset),
        "current" => items[position],
        "items" => new TupleValue(items),
        "pos" => IntValue.Of(position),
        _ => null,
    };

    private Value Advance()
    {
        var item = items[position];
        position = (position + 1) % items.Length;
        return item;
    }
}

/// <summary><c>joiner(sep)</c>: nothing the first time, the separator from then on.</summary>
internal sealed class JoinerValue : Value
{
    private static readonly PythonSignature Signature = new("Joiner.__init__(sep=', ')");

    private readonly Value separator;
    private bool used;

    private JoinerValue(Value separator) => this.separator = separator;

    public override string TypeName => "Joiner";

    public override string Description => "jinja2.utils.Joiner object";

    public override bool IsCallable => true;

    public static JoinerValue Create(in Arguments arguments) => new(
        arguments.Count == 0 && arguments.Named.Length == 0 ? new StringValue(", ") : Globals.Single(Signature, arguments));

    public override void WriteRepr(TextBuilder text) => text.Append("<jinja2.utils.Joiner object at 0x7f0000000000>");

    public override Value? Attribute(RenderContext context, string name) => name switch
    {
        "sep" => separator,
        "used" => BoolValue.Of(used),
        _ => null,
    };

    public override Value Call(RenderContext context, in Arguments arguments)
    {
        if (used)
        {
            return separator;
        }

        used = true;
        return StringValue.Empty;
    }
}

/// <summary><c>lipsum()</c>: filler text. Which words come is chance in Jinja2 too.</summary>
internal static class LoremIpsum
{
    private static readonly string[] Words =
    [
        "a", "ac", "ad", "amet", "ante", "at", "augue", "bibendum", "commodo", "consectetuer", "curae", "cursus", "dapibus", "diam",
        "dictum", "dolor", "donec", "egestas", "elit", "enim", "erat", "et", "eu", "facilisis", "fames", "felis", "gravida", "id",
        "in", "ipsum", "justo", "lacinia", "lectus", "leo", "libero", "lorem", "magna", "mattis", "mauris", "metus", "mi", "nec",
        "nibh", "nisl", "non", "nulla", "odio", "orci", "pede", "porta", "purus", "quam", "quis", "risus", "sapien", "sed", "sem",
        "sit", "tellus", "tempor", "tortor", "turpis", "ultrices", "urna", "ut", "varius", "velit", "vitae", "viverra",
    ];

    private static readonly PythonSignature Signature = new("generate_lorem_ipsum(n=5, html=True, min=20, max=100)");

    public static Value Generate(RenderContext context, in Arguments arguments)
    {
        var first = arguments.At(0) ?? Array.Find(arguments.Named, pair => pair.Key == "n").Value ?? IntValue.Of(5);
        var rest = new Arguments(arguments.Count > 0 ? arguments.Positional[1..] : [], [.. arguments.Named.Where(pair => pair.Key != "n")]);
        var bound = Signature.Bind(first, rest);
        var paragraphs = Values.Convert.Index(bound[0]!);
        var html = bound[1]?.IsTrue != false;
        var least = bound[2] is null ? 20 : Values.Convert.Index(bound[2]!);
        var most = bound[3] is null ? 100 : Values.Convert.Index(bound[3]!);
        if (least >= most)
        {
            throw PythonError.ValueError($"empty range for randrange() ({least}, {most}, {most - least})");
        }

        var text = context.NewText();
        for (var index = 0L; index < paragraphs; index++)
        {
            text.Append(index > 0 ? html ? "\n" : "\n\n" : "");
            text.Append(html ? "<p>" : "");
            AppendParagraph(context, text, RenderContext.Random.NextInt64(least, most));
            text.Append(html ? "</p>" : "");
        }

        return context.Finish(text, markup: html);
    }

    private static void AppendParagraph(RenderContext context, TextBuilder text, long words)
    {
        for (var index = 0L; index < words; index++)
        {
            context.Charge(1);
            var word = Words[RenderContext.Random.Next(Words.Length)];
            text.Append(index > 0 ? " " : "");
            text.Append(index == 0 ? char.ToUpperInvariant(word[0]) + word[1..] : word);
        }

        text.Append('.');
    }
}
