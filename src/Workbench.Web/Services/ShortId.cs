using System.Security.Cryptography;

namespace Workbench.Web.Services;

/// <summary>Identifiers that read well in an address: eight characters without look-alikes.</summary>
internal static class ShortId
{
    private const string Alphabet = "23456789abcdefghjkmnpqrstuvwxyz";

    /// <summary>A new one; 31^8 = 8.5e11 possibilities, so a collision among a million runs is a matter of one in a million a run.</summary>
    public static string New() => RandomNumberGenerator.GetString(Alphabet, 8);
}
