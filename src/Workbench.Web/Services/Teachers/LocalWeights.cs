using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Workbench.Web.Services.Teachers;

/// <summary>What tells the weights of a model from others, for the keys of answers.</summary>
public static class LocalWeights
{
    /// <summary>The folders' names with a hash over names, sizes and times of their files: answers of weights that have changed are not taken for theirs.</summary>
    /// <param name="folders">A model's folder, and its adapter's where it has one; nulls are left out.</param>
    public static string IdentityOf(params string?[] folders)
    {
        var named = folders.OfType<string>().Select(Path.GetFullPath).ToList();
        var text = new StringBuilder();
        foreach (var file in named.SelectMany(folder => new DirectoryInfo(folder).EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal)))
        {
            text.Append(CultureInfo.InvariantCulture, $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}\n");
        }

        return $"{string.Join(" + ", named)} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16]}";
    }
}
