using Workbench.Web.Services;

namespace Workbench.Web.Commands.Data;

/// <summary>The files that operations name, with errors in words.</summary>
internal static class Files
{
    public static FileStream Open(string path, string option)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserInputException($"The file of --{option} cannot be read: {exception.Message}", "Name a file that exists.", path, exception);
        }
    }

    public static string Text(string path, string option)
    {
        using var reader = new StreamReader(Open(path, option));
        return reader.ReadToEnd();
    }

    /// <summary>Runs what writes <paramref name="path"/>.</summary>
    public static T Writing<T>(string path, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserInputException($"The output could not be written: {exception.Message}", "Check the folder and the free space of its disk; nothing was left behind.", path, exception);
        }
    }
}
