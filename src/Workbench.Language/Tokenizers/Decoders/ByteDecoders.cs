using System.Globalization;
using System.Text;
using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Decoders;

/// <summary><c>ByteLevel</c>: byte characters back to bytes, bytes to text; broken UTF-8 becomes U+FFFD.</summary>
internal sealed class ByteLevelDecoder : Decoder
{
    public override List<string> Decode(List<string> tokens)
    {
        var bytes = new List<byte>(tokens.Count * 4);
        foreach (var token in tokens)
        {
            // A token with any other character (an added token) counts as ordinary text.
            bytes.AddRange(ByteAlphabet.ToBytes(token) ?? Encoding.UTF8.GetBytes(token));
        }

        return [Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes))];
    }
}

/// <summary><c>ByteFallback</c>: runs of <c>&lt;0xE4&gt;</c> become the text that their bytes spell; each byte of a run that spells none becomes U+FFFD.</summary>
internal sealed class ByteFallbackDecoder : Decoder
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public override List<string> Decode(List<string> tokens)
    {
        var output = new List<string>(tokens.Count);
        var run = new List<byte>();
        foreach (var token in tokens)
        {
            if (ByteOf(token) is { } value)
            {
                run.Add(value);
                continue;
            }

            Flush();
            output.Add(token);
        }

        Flush();
        return output;

        void Flush()
        {
            if (run.Count == 0)
            {
                return;
            }

            try
            {
                output.Add(Strict.GetString([.. run]));
            }
            catch (DecoderFallbackException)
            {
                output.AddRange(Enumerable.Repeat("\uFFFD", run.Count));
            }

            run.Clear();
        }
    }

    private static byte? ByteOf(string token) =>
        token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
        && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
}
