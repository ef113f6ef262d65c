namespace Workbench.Language.Tokenizers.Text;

/// <summary>
/// GPT-2's alphabet: a printable character for each of the 256 bytes, so that any byte sequence can be written as text.
/// Printable Latin-1 stands for itself, the rest follows from U+0100 on.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] Characters = BuildCharacters();
    private static readonly short[] Bytes = BuildBytes();

    public static char ToCharacter(byte value) => Characters[value];

    /// <summary>The byte that <paramref name="character"/> stands for, or -1.</summary>
    public static int ToByte(char character) => character < Bytes.Length ? Bytes[character] : -1;

    /// <summary>The bytes that a token stands for, or null where a character of it stands for none.</summary>
    public static byte[]? ToBytes(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            var value = ToByte(token[i]);
            if (value < 0)
            {
                return null;
            }

            bytes[i] = (byte)value;
        }

        return bytes;
    }

    private static char[] BuildCharacters()
    {
        var characters = new char[256];
        var next = 0x100;
        for (var b = 0; b < 256; b++)
        {
            characters[b] = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? (char)b : (char)next++;
        }

        return characters;
    }

    private static short[] BuildBytes()
    {
        var bytes = new short[Characters.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (var b = 0; b < 256; b++)
        {
            bytes[Characters[b]] = (short)b;
        }

        return bytes;
    }
}
