using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary>
/// What a missing name, attribute or item evaluates to. It prints as nothing and iterates over nothing; every other use
/// raises the error that <see cref="Fail"/> makes.
/// </summary>
internal sealed class UndefinedValue : Value
{
    private readonly string? hint;
    private readonly Value? owner;
    private readonly Value? key;
    private readonly string errorType;

    private UndefinedValue(string? hint, Value? owner, Value? key, string errorType = "UndefinedError")
    {
        this.hint = hint;
        this.owner = owner;
        this.key = key;
        this.errorType = errorType;
    }

    public override string TypeName => "Undefined";

    public override string Description => "jinja2.runtime.Undefined object";

    public override bool IsTrue => false;

    public override int? Length => 0;

    public static UndefinedValue Name(string name) => new(null, null, new StringValue(name));

    public static UndefinedValue Hint(string hint) => new(hint, null, null);

    /// <summary>The missing attribute or item <paramref name="key"/> of <paramref name="owner"/>.</summary>
    public static UndefinedValue Of(Value owner, Value key) => new(null, owner, key);

    /// <summary>An attribute that the sandbox keeps from templates.</summary>
    public static UndefinedValue Unsafe(Value owner, string name) =>
        new($"access to attribute {new StringValue(name).Repr()} of '{owner.TypeName}' object is unsafe.", null, null, "SecurityError");

    /// <summary>The error of any use but printing, iterating and asking whether it is defined.</summary>
    public PythonError Fail() => new(errorType, Message);

    public string Message => hint is { Length: > 0 } ? hint
        : owner is null ? $"{key?.Repr() ?? "None"} is undefined"
        : key is StringValue ? $"{new StringValue(owner.Description).Repr()} has no attribute {key.Repr()}"
        : $"{owner.Description} has no element {key!.Repr()}";

    public override void WriteRepr(TextBuilder text) => text.Append("Undefined");

    public override void WriteStr(TextBuilder text)
    {
        // An undefined value prints as nothing.
    }

    public override StringValue ToStr(RenderContext context) => StringValue.Empty;

    public override Value? Attribute(RenderContext context, string name) => throw Fail();

    public override Value? Item(RenderContext context, Value key) => throw Fail();

    public override IEnumerator<Value> Iterate(RenderContext context) => Enumerable.Empty<Value>().GetEnumerator();

    public override bool IsCallable => true;

    public override Value Call(RenderContext context, in Arguments arguments) => throw Fail();

    public override bool EqualTo(Value other) => other is UndefinedValue;

    public override int Hash() => 0x556e64;
}
