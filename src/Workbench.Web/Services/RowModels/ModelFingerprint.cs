using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Workbench.Learning.Models;

namespace Workbench.Web.Services.RowModels;

/// <summary>
/// What a model is, by content: a hash over every file that decides what it says. The same folder elsewhere has the same; a changed weight has
/// another. For keys that may cost little and need not outlive a disk, see <see cref="Teachers.LocalWeights"/>.
/// </summary>
public static class ModelFingerprint
{
    private static readonly string[] OfText = ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja", "chat_template.json"];

    private static readonly string[] Deciding = ["config.json", "adapter_config.json", .. OfText];

    private static readonly ConcurrentDictionary<(string Path, long Length, DateTime Written), string> Known = new();

    /// <summary>32 hexadecimal digits.</summary>
    /// <param name="folders">A model's folder, and its adapter's where it has one; nulls are left out.</param>
    /// <exception cref="ModelException">A folder cannot be read.</exception>
    public static string Of(params string?[] folders) => Of(folders, file => Deciding.Contains(file.Name) || file.Extension == ".safetensors");

    /// <summary>The same of what makes tokens of rows: tokenizer and chat template.</summary>
    /// <param name="folder">The folder that holds them.</param>
    /// <exception cref="ModelException">It cannot be read.</exception>
    public static string OfTokenizer(string folder) => Of([folder], file => OfText.Contains(file.Name));

    private static string Of(string?[] folders, Func<FileInfo, bool> decides)
    {
        var text = new StringBuilder();
        try
        {
            foreach (var folder in folders.OfType<string>())
            {
                var files = new DirectoryInfo(folder).EnumerateFiles().Where(decides);
                foreach (var file in files.OrderBy(file => file.Name, StringComparer.Ordinal))
                {
                    text.Append(file.Name).Append(' ').Append(Known.GetOrAdd((file.FullName, file.Length, file.LastWriteTimeUtc), key => HashOf(key.Path))).Append('\n');
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"The model cannot be read: {exception.Message}", exception);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..32];
    }

    private static string HashOf(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
