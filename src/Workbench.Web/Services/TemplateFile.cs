using System.Text;

namespace Workbench.Web.Services;

/// <summary>Reads a chat template from a file, line ends as they are: Jinja treats them itself.</summary>
internal static class TemplateFile
{
    /// <summary>Largest file read; the largest templates in the wild have 25 kB.</summary>
    private const long MaxBytes = 8 * 1024 * 1024;

    /// <exception cref="UserInputException">There is no such file, or it is too large to be a template.</exception>
    public static string Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new UserInputException($"There is no template file \"{path}\".", "Give the path of a .jinja file.", path);
        }

        return file.Length <= MaxBytes
            ? File.ReadAllText(path, Encoding.UTF8)
            : throw new UserInputException($"{path} has {file.Length:N0} bytes, too many for a template.", $"Keep it below {MaxBytes:N0}.", path);
    }
}
