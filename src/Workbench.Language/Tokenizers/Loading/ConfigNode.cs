using System.Text.Json;

namespace Workbench.Language.Tokenizers.Loading;

/// <summary>One JSON value of a tokenizer file together with its path, so that every complaint can name its place.</summary>
internal readonly struct ConfigNode(JsonElement element, string path)
{
    public JsonElement Element { get; } = element;

    public string Path { get; } = path;

    public bool IsNull => Element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    public ConfigNode this[string name] =>
        new(Element.ValueKind == JsonValueKind.Object && Element.TryGetProperty(name, out var value) ? value : default,
            Path.Length == 0 ? name : Path + "." + name);

    /// <summary>The component's <c>type</c>.</summary>
    public string Type => this["type"].String();

    public TokenizerException Fail(string problem) => TokenizerException.At(Path.Length == 0 ? "the root" : Path, problem);

    public ConfigNode Object()
    {
        if (Element.ValueKind != JsonValueKind.Object)
        {
            throw Fail($"expected an object but found {Kind()}.");
        }

        return this;
    }

    public string String() =>
        Element.ValueKind == JsonValueKind.String ? Element.GetString()! : throw Fail($"expected a text but found {Kind()}.");

    public string? OptionalString() => IsNull ? null : String();

    /// <summary>One of an enumeration's names, spelled as there; <paramref name="missing"/>, if given, where there is none.</summary>
    public T Choice<T>(T? missing = null)
        where T : struct, Enum =>
        IsNull && missing is { } assumed ? assumed
        : Enum.TryParse<T>(String(), out var value) && Enum.IsDefined(value) ? value
        : throw Fail($"\"{String()}\" is none of {string.Join(", ", Enum.GetNames<T>())}.");

    public bool Bool(bool missing) => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null or JsonValueKind.Undefined => missing,
        _ => throw Fail($"expected true or false but found {Kind()}."),
    };

    public int Int() =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out var value)
            ? value
            : throw Fail($"expected a whole number but found {Kind()}.");

    public int Int(int missing) => IsNull ? missing : Int();

    /// <summary>A single character (one code point), as text.</summary>
    public string Character(string missing)
    {
        if (IsNull)
        {
            return missing;
        }

        var text = String();
        return text.Length == 1 || (text.Length == 2 && char.IsSurrogatePair(text, 0))
            ? text
            : throw Fail($"expected one character but found \"{text}\".");
    }

    public IEnumerable<ConfigNode> Items()
    {
        if (Element.ValueKind != JsonValueKind.Array)
        {
            throw Fail($"expected a list but found {Kind()}.");
        }

        return Enumerate(Element, Path);

        static IEnumerable<ConfigNode> Enumerate(JsonElement array, string path)
        {
            var i = 0;
            foreach (var item in array.EnumerateArray())
            {
                yield return new ConfigNode(item, $"{path}[{i++}]");
            }
        }
    }

    private string Kind() => Element.ValueKind switch
    {
        JsonValueKind.Undefined => "nothing",
        JsonValueKind.Null => "null",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => $"the number {Element.GetRawText()}",
        JsonValueKind.True or JsonValueKind.False => Element.GetRawText(),
        JsonValueKind.Array => "a list",
        _ => "an object",
    };
}
