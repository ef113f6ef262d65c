using System.Globalization;
using System.Text;
using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

/// <summary>What <c>str.encode()</c> returns; a template can only print, measure or index it.</summary>
internal sealed class BytesValue(byte[] bytes) : Value
{
    private static readonly Method Decode = new("bytes", "decode", (RenderContext _, Value self, in Arguments _) =>
        new StringValue(Encoding.UTF8.GetString(((BytesValue)self).Bytes)));

    public byte[] Bytes { get; } = bytes;

    /// <summary><c>str.encode(encoding)</c> for the encodings a template could have a use for.</summary>
    public static BytesValue Encode(string text, Value? encoding, Value? errors)
    {
        foreach (var (argument, name) in new[] { (encoding, "encoding"), (errors, "errors") })
        {
            if (argument is not (null or StringValue))
            {
                throw PythonError.TypeError($"encode() argument '{name}' must be str, not {Convert.Named(argument)}");
            }
        }

        var wanted = (encoding as StringValue)?.Text ?? "utf-8";
        return wanted.ToLowerInvariant().Replace('_', '-') switch
        {
            "utf-8" or "utf8" => new BytesValue(Encoding.UTF8.GetBytes(text)),
            "ascii" or "us-ascii" when Ascii.IsValid(text) => new BytesValue(Encoding.ASCII.GetBytes(text)),
            "ascii" or "us-ascii" => throw new PythonError("UnicodeEncodeError", "'ascii' codec can't encode characters: ordinal not in range(128)"),
            "latin-1" or "latin1" or "iso-8859-1" => new BytesValue(Encoding.Latin1.GetBytes(text)),
            "utf-16-le" => new BytesValue(Encoding.Unicode.GetBytes(text)),
            _ => throw new PythonError("LookupError", $"unknown encoding: {wanted}"),
        };
    }

    public override string TypeName => "bytes";

    public override bool IsTrue => Bytes.Length != 0;

    public override int? Length => Bytes.Length;

    public override void WriteRepr(TextBuilder text)
    {
        var quote = Array.IndexOf(Bytes, (byte)'\'') >= 0 && Array.IndexOf(Bytes, (byte)'"') < 0 ? '"' : '\'';
        text.Append('b');
        text.Append(quote);
        foreach (var octet in Bytes)
        {
            text.Append(octet switch
            {
                (byte)'\\' => @"\\",
                (byte)'\n' => @"\n",
                (byte)'\r' => @"\r",
                (byte)'\t' => @"\t",
                _ when octet == quote => "\\" + quote,
                >= 0x20 and < 0x7F => ((char)octet).ToString(),
                _ => @"\x" + octet.ToString("x2", CultureInfo.InvariantCulture),
            });
        }

        text.Append(quote);
    }

    public override Value? Item(RenderContext context, Value key)
    {
        if (key is SliceValue slice)
        {
            var (start, step, count) = slice.Resolve(Bytes.Length);
            return new BytesValue([.. Enumerable.Range(0, count).Select(index => Bytes[start + (index * step)])]);
        }

        if (!Numbers.TryIndex(key, out var position))
        {
            return null;
        }

        position = position < 0 ? position + Bytes.Length : position;
        return position >= 0 && position < Bytes.Length ? IntValue.Of(Bytes[position]) : null;
    }

    public override IEnumerator<Value> Iterate(RenderContext context) =>
        Bytes.Select(octet => (Value)IntValue.Of(octet)).GetEnumerator();

    public override Value? Attribute(RenderContext context, string name) =>
        name == "decode" ? new BoundMethodValue(this, Decode) : null;

    public override bool EqualTo(Value other) => other is BytesValue bytes && bytes.Bytes.AsSpan().SequenceEqual(Bytes);

    public override int Hash() => Bytes.Length;
}
